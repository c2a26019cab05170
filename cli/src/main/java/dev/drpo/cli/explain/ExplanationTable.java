package dev.drpo.cli.explain;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.IntFunction;

/** An explanation for a person: a column for each response, a row for each objective. */
final class ExplanationTable {
  private static final String HURT = "!";

  private final Explanation explanation;
  private final int responses;
  private final int labels; // columns

  private ExplanationTable(Explanation explanation) {
    this.explanation = explanation;
    this.responses = explanation.group().rewards().size();
    this.labels =
        1 + explanation.weights().keySet().stream().mapToInt(String::length).max().orElse(0);
  }

  static List<String> lines(Explanation explanation) {
    return new ExplanationTable(explanation).lines();
  }

  private List<String> lines() {
    GivenGroup group = explanation.group();
    List<String> lines = new ArrayList<>();
    lines.add("How hard each objective pushes each response of a group: up (+) or down (-).");
    lines.add("");
    lines.add(row("response", i -> Integer.toString(i + 1)));
    lines.add(row("answer", i -> group.isRight(i) ? "right" : "wrong"));
    lines.add(row("reward", i -> number(group.rewards().get(i))));
    lines.add(row("length", i -> Integer.toString(group.lengths().get(i))));
    lines.add("");
    explanation
        .weights()
        .forEach(
            (name, weights) ->
                lines.add(
                    row(name, i -> (explanation.hurts(name, i) ? HURT : "") + weight(weights[i]))));
    lines.add("");
    lines.addAll(notes());
    return lines;
  }

  private List<String> notes() {
    List<String> notes = new ArrayList<>();
    List<String> hurting =
        explanation.weights().keySet().stream().filter(explanation::hurtsAny).toList();
    notes.add(
        hurting.isEmpty()
            ? "No objective pushes a right answer down here; a smaller --max-length makes length"
                + " count more."
            : HURT + " pushes a right answer down: " + String.join(", ", hurting));
    if (explanation.group().isShaped()) {
      notes.add(
          "Only grpo and dr-grpo learn from the size of a reward; the others from right (above 0)"
              + " and wrong.");
    }
    notes.add(
        String.format(
            Locale.ROOT,
            "max-length %,d tokens; lambda %s (drpo); hapo has met the question once before, with"
                + " these responses.",
            explanation.group().maxLength(),
            number(explanation.lambda())));
    notes.add(
        "A weight is the objective's derivative by the mean token log-probability of the response,"
            + " at the sampling policy.");
    return notes;
  }

  private String row(String name, IntFunction<String> cell) {
    StringBuilder row = new StringBuilder(name + " ".repeat(labels - name.length()));
    for (int i = 0; i < responses; i++) {
      row.append("%10s".formatted(cell.apply(i)));
    }
    return row.toString();
  }

  private static String weight(double weight) {
    if (weight == 0) {
      return "0";
    }
    return String.format(Locale.ROOT, Math.abs(weight) < 1e-3 ? "%+.1e" : "%+.4f", weight);
  }

  /** Whole numbers without a point, others as they are. */
  private static String number(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e9
        ? Long.toString((long) value)
        : Double.toString(value);
  }
}
