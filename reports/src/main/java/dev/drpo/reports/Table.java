package dev.drpo.reports;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/** Rows of text under a header; the first column names the row. */
record Table(List<String> header, List<List<String>> rows) {
  /** How many training steps the report lists; metrics.jsonl has all of them. */
  private static final int STEPS_LISTED = 20;

  static Table outcome(RunReport report) {
    Evaluation before = report.before();
    Evaluation after = report.after();
    return new Table(
        List.of("", "before", "after"),
        List.of(
            List.of(
                "accuracy", Numbers.percent(before.accuracy()), Numbers.percent(after.accuracy())),
            List.of("95% interval", interval(before), interval(after)),
            List.of("pass@k", passAtK(before), passAtK(after)),
            List.of(
                "mean length [tokens]",
                Numbers.decimal(before.meanLength()),
                Numbers.decimal(after.meanLength())),
            List.of(
                "… of right responses",
                Numbers.decimal(before.meanLengthCorrect()),
                Numbers.decimal(after.meanLengthCorrect())),
            List.of(
                "… of wrong responses",
                Numbers.decimal(before.meanLengthWrong()),
                Numbers.decimal(after.meanLengthWrong())),
            List.of(
                "ended by the budget",
                Numbers.count(before.truncated()),
                Numbers.count(after.truncated())),
            List.of("judged", judged(before), judged(after))));
  }

  /** Before and after by set, if the evaluations tell sets apart. */
  static Optional<Table> sets(RunReport report) {
    Evaluation before = report.before();
    Evaluation after = report.after();
    if (after.sets().isEmpty()) {
      return Optional.empty();
    }
    List<List<String>> rows = new ArrayList<>();
    after
        .sets()
        .forEach((set, _) -> rows.add(row(set, before.sets().get(set), after.sets().get(set))));
    return Optional.of(
        new Table(
            List.of("set", "problems", "accuracy", "before", "95% interval", "length", "before"),
            rows));
  }

  private static List<String> row(String set, Evaluation before, Evaluation after) {
    Evaluation earlier = before == null ? Evaluation.none() : before;
    return List.of(
        set,
        Numbers.count(after.problems()),
        Numbers.percent(after.accuracy()),
        Numbers.percent(earlier.accuracy()),
        interval(after),
        Numbers.decimal(after.meanLength()),
        Numbers.decimal(earlier.meanLength()));
  }

  /** Every evaluation, if there are others than before and after. */
  static Optional<Table> evaluations(RunReport report) {
    if (report.evaluations().size() <= 2) {
      return Optional.empty();
    }
    return Optional.of(
        new Table(
            List.of(
                "step",
                "accuracy",
                "95% interval",
                "length",
                "right",
                "wrong",
                "ended by the budget",
                "best"),
            report.evaluations().stream().map(one -> row(one, report)).toList()));
  }

  private static List<String> row(PolicyEvaluation one, RunReport report) {
    Evaluation found = one.evaluation();
    return List.of(
        Long.toString(one.step()),
        Numbers.percent(found.accuracy()),
        interval(found),
        Numbers.decimal(found.meanLength()),
        Numbers.decimal(found.meanLengthCorrect()),
        Numbers.decimal(found.meanLengthWrong()),
        Numbers.count(found.truncated()),
        Objects.equals(one.step(), report.bestStep()) ? "best" : "");
  }

  private static String best(RunReport report) {
    return report
        .best()
        .map(
            best ->
                (best.step() == 0
                        ? "the starting policy"
                        : "step " + Numbers.count(best.step()) + ", in the folder best")
                    + " ("
                    + Numbers.percent(best.evaluation().accuracy())
                    + ", "
                    + Numbers.decimal(best.evaluation().meanLength())
                    + " tokens)")
        .orElse(Numbers.percent(Double.NaN));
  }

  /** The objective's name, with λ and δ where it has them. */
  private static String objective(RunReport report) {
    List<String> options = new ArrayList<>();
    if (!Double.isNaN(report.lambda())) {
      options.add("λ = " + Numbers.significant(report.lambda()));
    }
    if (!Double.isNaN(report.delta())) {
      options.add("δ = " + Numbers.significant(report.delta()));
    }
    return report.objective() + (options.isEmpty() ? "" : " (" + String.join(", ", options) + ")");
  }

  static Table run(RunReport report) {
    RunCounts.Groups groups = report.groups();
    List<List<String>> rows =
        new ArrayList<>(
            List.of(
                List.of("task", report.task()),
                List.of("starting policy", report.model()),
                List.of("objective", objective(report)),
                List.of("seed", Long.toString(report.seed())),
                List.of("steps", Numbers.count(report.steps())),
                List.of("training time", Numbers.duration(report.trainingSeconds())),
                List.of("whole time", Numbers.duration(report.wallSeconds())),
                List.of("tokens generated", Numbers.count(report.tokensGenerated())),
                List.of("tokens learned", Numbers.count(report.tokensLearned())),
                List.of(
                    "groups",
                    Numbers.count(groups.dispatched())
                        + " dispatched, "
                        + Numbers.count(groups.scored())
                        + " scored, "
                        + Numbers.count(groups.trained())
                        + " trained, "
                        + Numbers.count(groups.duplicates())
                        + " duplicates, "
                        + Numbers.count(groups.deadLetters())
                        + " dead letters, "
                        + Numbers.count(groups.resent())
                        + " sent again"),
                List.of("trained policy's digest", report.policyDigest()),
                List.of("starting policy's digest", report.repeatability().startingPolicyDigest()),
                List.of("data's digest", report.repeatability().dataDigest()),
                List.of("configuration's digest", report.repeatability().configurationDigest()),
                List.of("repeatable", report.repeatability().promise()),
                List.of("best policy", best(report))));
    report.versions().entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(version -> rows.add(List.of(version.getKey() + " version", version.getValue())));
    return new Table(List.of("", "value"), rows);
  }

  /** Training steps, evenly thinned out; the last one is always there. */
  static Table steps(List<StepMetrics> steps) {
    int stride = Math.max(1, Math.ceilDiv(steps.size(), STEPS_LISTED));
    List<List<String>> rows = new ArrayList<>();
    for (int i = (steps.size() - 1) % stride; i >= 0 && i < steps.size(); i += stride) {
      StepMetrics step = steps.get(i);
      rows.add(
          List.of(
              Long.toString(step.step()),
              Numbers.percent(step.accuracy()),
              Numbers.decimal(step.meanLength()),
              Numbers.decimal(step.meanLengthCorrect()),
              Numbers.decimal(step.meanLengthWrong()),
              Integer.toString(step.mixedGroups()),
              Numbers.significant(step.kl()),
              Numbers.significant(step.gradientNorm()),
              Numbers.significant(step.policyLag()),
              Numbers.decimal(step.stepSeconds()),
              Numbers.count(Math.round(step.tokensPerSecond()))));
    }
    return new Table(
        List.of(
            "step",
            "accuracy",
            "length",
            "right",
            "wrong",
            "mixed groups",
            "KL",
            "gradient norm",
            "lag",
            "seconds",
            "tokens/s"),
        rows);
  }

  static Table glossary(Glossary.Section section) {
    return new Table(
        List.of("name", "unit", "meaning"),
        Glossary.of(section).stream()
            .map(entry -> List.of(entry.name(), entry.unit(), entry.definition()))
            .toList());
  }

  private static String interval(Evaluation evaluation) {
    return evaluation.isPresent()
        ? Numbers.percent(evaluation.accuracyInterval().low())
            + " to "
            + Numbers.percent(evaluation.accuracyInterval().high())
        : Numbers.percent(Double.NaN);
  }

  private static String passAtK(Evaluation evaluation) {
    return evaluation.isPresent()
        ? evaluation.passAtK().entrySet().stream()
            .map(entry -> "@" + entry.getKey() + " " + Numbers.percent(entry.getValue()))
            .collect(Collectors.joining(", "))
        : Numbers.percent(Double.NaN);
  }

  private static String judged(Evaluation evaluation) {
    return Numbers.count(evaluation.samples())
        + " responses to "
        + Numbers.count(evaluation.problems())
        + " problems";
  }
}
