package dev.drpo.cli.progress;

import dev.drpo.proto.learner.v1.EvaluationSummary;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** The table of a policy before and after training. Lengths are in tokens. */
public final class Comparison {
  private static final String ROW = "%-16s%10s%10s%10s";

  private Comparison() {}

  /** The table's lines. */
  public static List<String> lines(EvaluationSummary before, EvaluationSummary after) {
    return List.of(
        ROW.formatted("", "before", "after", "change"),
        ROW.formatted(
            "accuracy",
            Figures.accuracy(before.getAccuracy()),
            Figures.accuracy(after.getAccuracy()),
            String.format(Locale.ROOT, "%+.3f", after.getAccuracy() - before.getAccuracy())),
        length("mean length", before, after, EvaluationSummary::getMeanLength),
        length("  when right", before, after, EvaluationSummary::getMeanLengthCorrect),
        length("  when wrong", before, after, EvaluationSummary::getMeanLengthWrong),
        ROW.formatted("samples", before.getSamples(), after.getSamples(), "").stripTrailing());
  }

  private static String length(
      String name,
      EvaluationSummary before,
      EvaluationSummary after,
      ToDoubleFunction<EvaluationSummary> tokens) {
    double from = tokens.applyAsDouble(before);
    double to = tokens.applyAsDouble(after);
    boolean comparable = from > 0 && to > 0 && Double.isFinite(from) && Double.isFinite(to);
    String change =
        comparable ? String.format(Locale.ROOT, "%+.1f%%", 100 * (to - from) / from) : "-";
    return ROW.formatted(name, Figures.length(from), Figures.length(to), change);
  }
}
