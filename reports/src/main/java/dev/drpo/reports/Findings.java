package dev.drpo.reports;

/** The outcome in one or two sentences. */
final class Findings {
  private Findings() {}

  static String of(RunReport report) {
    Evaluation before = report.before();
    Evaluation after = report.after();
    if (!before.isPresent() || !after.isPresent()) {
      return "This run did not evaluate both the starting and the trained policy, so that they"
          + " can't be compared.";
    }
    return length(before, after) + "; " + accuracy(before, after) + ".";
  }

  private static String length(Evaluation before, Evaluation after) {
    double change = after.meanLength() / before.meanLength() - 1;
    String verdict =
        Math.abs(change) < 0.0005
            ? "Responses kept their length"
            : "Responses became "
                + Numbers.percent(Math.abs(change))
                + (change < 0 ? " shorter" : " longer");
    return verdict
        + " ("
        + Numbers.decimal(before.meanLength())
        + " → "
        + Numbers.decimal(after.meanLength())
        + " tokens)";
  }

  private static String accuracy(Evaluation before, Evaluation after) {
    String values = Numbers.percent(before.accuracy()) + " to " + Numbers.percent(after.accuracy());
    if (before.accuracy() == after.accuracy()) {
      return "accuracy stayed at " + Numbers.percent(after.accuracy());
    }
    boolean apart =
        after.accuracyInterval().low() > before.accuracyInterval().high()
            || after.accuracyInterval().high() < before.accuracyInterval().low();
    return "accuracy "
        + (after.accuracy() > before.accuracy() ? "rose from " : "fell from ")
        + values
        + (apart ? "" : ", and their 95% intervals overlap");
  }
}
