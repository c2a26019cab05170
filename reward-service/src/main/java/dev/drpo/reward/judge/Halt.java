package dev.drpo.reward.judge;

/** Leaves the reading of one text early, from any depth. Never crosses the package's border. */
final class Halt extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Reading reading;

  Halt(Reading reading) {
    // Without a stack trace, since hostile input must not make refusals expensive.
    super(null, null, false, false);
    this.reading = reading;
  }

  Reading reading() {
    return reading;
  }
}
