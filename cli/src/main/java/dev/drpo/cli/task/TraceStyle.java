package dev.drpo.cli.task;

/**
 * How long-winded a warm-start trace is. The styles differ much in length, so that a group of
 * responses holds short and long right answers for the objective to choose from.
 */
public enum TraceStyle {
  /** The answer without any step. */
  DIRECT(0, 0, 0, 0),
  /** Two operations in one written step. */
  PAIRED(0, 0, 0, 0),
  /** Every operation in a written step of its own. */
  PLAIN(0, 0, 0, 0),
  /** Some steps restated or checked. */
  MEDIUM(0.5, 0.5, 0, 0),
  /** Most steps restated, checked, checked again, and recapitulated at the end. */
  VERBOSE(0.9, 0.9, 0.8, 0.8);

  private final double restate;
  private final double check;
  private final double checkAgain;
  private final double recap;

  TraceStyle(double restate, double check, double checkAgain, double recap) {
    this.restate = restate;
    this.check = check;
    this.checkAgain = checkAgain;
    this.recap = recap;
  }

  /** Probability that a step is announced before it is worked. */
  double restate() {
    return restate;
  }

  /** Probability that a written step is checked. */
  double check() {
    return check;
  }

  /** Probability that a checked step is checked a second time. */
  double checkAgain() {
    return checkAgain;
  }

  /** Probability that a trace repeats all its steps at the end. */
  double recap() {
    return recap;
  }
}
