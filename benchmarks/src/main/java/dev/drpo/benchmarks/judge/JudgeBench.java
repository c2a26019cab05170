package dev.drpo.benchmarks.judge;

import dev.drpo.benchmarks.machine.BenchTable;
import dev.drpo.benchmarks.machine.Machine;
import dev.drpo.benchmarks.machine.Target;
import dev.drpo.judge.Judge;
import dev.drpo.judge.convention.Conventions;
import dev.drpo.judge.limit.Limits;
import dev.drpo.judge.verdict.Outcome;
import dev.drpo.judge.verdict.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Measures the judge on one thread: over a mix of responses as training produces them, and over
 * hostile ones. A plain text comparison of the same mix is measured beside it, as the floor.
 *
 * @param seed draws the mix
 * @param responses how many different responses the mix has
 * @param warmUp time over the mix before anything is measured, so that the code is compiled
 * @param measured time over the mix, and again over the hostile set
 */
public record JudgeBench(long seed, int responses, Duration warmUp, Duration measured) {
  private static final Target RATE = new Target.AtLeast(10_000);
  private static final Target P99_MILLISECONDS = new Target.AtMost(1);
  private static final Target HOSTILE_MILLISECONDS = new Target.AtMost(50);

  /** Runs it, which takes the given times and a few seconds; gives the report. */
  public List<String> run(Consumer<String> progress) {
    Judge judge = new Judge(Limits.DEFAULT);
    List<MixedResponse> mix = MixedResponse.draw(responses, seed);
    List<HostileResponse> hostile = HostileResponse.all();

    progress.accept("warming up for " + warmUp.toSeconds() + " s");
    Latencies.of(mix, response -> steps(judge(judge, response)), warmUp);
    Latencies.of(mix, JudgeBench::gradePlainly, warmUp.dividedBy(4));
    Latencies.of(hostile, response -> steps(judge(judge, response)), warmUp.dividedBy(4));
    progress.accept("measuring for " + measured.multipliedBy(2).toSeconds() + " s");
    Latencies onMix = Latencies.of(mix, response -> steps(judge(judge, response)), measured);
    Latencies floor = Latencies.of(mix, JudgeBench::gradePlainly, measured.dividedBy(4));
    Latencies onHostile =
        Latencies.of(hostile, response -> steps(judge(judge, response)), measured);

    List<String> report = new ArrayList<>();
    report.add("machine: " + Machine.description());
    report.add(
        "one thread; seed %d; warmed up for %d s, measured for %d s"
            .formatted(seed, warmUp.toSeconds(), measured.toSeconds()));
    report.add("");
    report.addAll(table(mix, onMix, floor, hostile, onHostile));
    report.add("");
    report.addAll(agreement(judge, mix));
    report.addAll(outcomes(judge, hostile));
    return report;
  }

  private static List<String> table(
      List<MixedResponse> mix,
      Latencies onMix,
      Latencies floor,
      List<HostileResponse> hostile,
      Latencies onHostile) {
    BenchTable table = new BenchTable();
    double length = mix.stream().mapToInt(response -> response.text().length()).average().orElse(0);
    table.heading(
        String.format(
            Locale.ROOT,
            "realistic mix: %,d responses of %,.0f characters on average, %d passes",
            mix.size(),
            length,
            onMix.passes()));
    table.rate("verdicts", onMix.perSecond(), RATE);
    table.latency("p50", onMix.quantile(0.5));
    table.latency("p99", onMix.quantile(0.99), P99_MILLISECONDS);
    table.latency("max", onMix.max());
    table.rate("floor: compare the box as text", floor.perSecond());
    table.note(
        String.format(
            Locale.ROOT,
            "understanding an answer costs %.1f times the floor",
            floor.perSecond() / onMix.perSecond()));
    table.heading(
        String.format(
            Locale.ROOT,
            "hostile set: %,d responses, %d passes",
            hostile.size(),
            onHostile.passes()));
    table.latency("p50", onHostile.quantile(0.5));
    table.latency("p99", onHostile.quantile(0.99));
    table.latency("max", onHostile.max(), HOSTILE_MILLISECONDS);
    int slowest = onHostile.slowestInput();
    table.latency("max of best passes", onHostile.fastest(slowest), HOSTILE_MILLISECONDS);
    table.note("free of what else the machine did; the slowest is: " + hostile.get(slowest).name());
    return table.lines();
  }

  /** Speed is worth nothing without right verdicts: says how many of the mix were as labelled. */
  private static List<String> agreement(Judge judge, List<MixedResponse> mix) {
    Map<AnswerForm, Integer> drawn = new EnumMap<>(AnswerForm.class);
    Map<AnswerForm, Integer> wrong = new EnumMap<>(AnswerForm.class);
    int wrongInAll = 0;
    for (MixedResponse response : mix) {
      drawn.merge(response.form(), 1, Integer::sum);
      if ((judge(judge, response) instanceof Verdict.Equal) != response.right()) {
        wrong.merge(response.form(), 1, Integer::sum);
        wrongInAll++;
      }
    }
    List<String> lines = new ArrayList<>();
    lines.add(
        String.format(
            Locale.ROOT,
            "rewards as labelled in the mix: %.2f%%",
            100.0 * (mix.size() - wrongInAll) / mix.size()));
    wrong.forEach(
        (form, count) ->
            lines.add(
                String.format(
                    Locale.ROOT,
                    "  %s: %,d of %,d otherwise",
                    form.name().toLowerCase(Locale.ROOT).replace('_', ' '),
                    count,
                    drawn.get(form))));
    return lines;
  }

  private static List<String> outcomes(Judge judge, List<HostileResponse> hostile) {
    Map<Outcome, List<String>> names = new EnumMap<>(Outcome.class);
    for (HostileResponse response : hostile) {
      names
          .computeIfAbsent(Outcome.of(judge(judge, response)), _ -> new ArrayList<>())
          .add(response.name());
    }
    List<String> lines = new ArrayList<>();
    lines.add(
        "verdicts on the hostile set, of which none is right: "
            + String.join(
                ", ",
                names.entrySet().stream()
                    .map(entry -> entry.getKey() + " " + entry.getValue().size())
                    .toList()));
    for (String accepted : names.getOrDefault(Outcome.EQUAL, List.of())) {
      lines.add("  wrongly accepted: " + accepted);
    }
    return lines;
  }

  private static Verdict judge(Judge judge, MixedResponse response) {
    return judge.judge(response.text(), List.of(response.gold()), Conventions.DEFAULT);
  }

  private static Verdict judge(Judge judge, HostileResponse response) {
    return judge.judge(response.text(), List.of(response.gold()), Conventions.DEFAULT);
  }

  private static int steps(Verdict verdict) {
    return (int) verdict.evidence().steps();
  }

  private static int gradePlainly(MixedResponse response) {
    return PlainTextGrader.isRight(response.gold(), response.text()) ? 1 : 0;
  }
}
