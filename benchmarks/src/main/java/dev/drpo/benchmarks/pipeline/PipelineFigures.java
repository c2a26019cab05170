package dev.drpo.benchmarks.pipeline;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.drpo.benchmarks.machine.BenchTable;
import dev.drpo.benchmarks.machine.Target;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What of a training step is not the model's.
 *
 * @param stepSeconds a step at lag 0
 * @param computeSeconds of it, sampling and learning
 * @param overheadMillis the rest: tasks, leases, records, judging, log, weights
 * @param overheadFraction the rest as a share of a step of {@value #STEP_SECONDS} s
 * @param bytes of a step on the broker's disk, by topic
 * @param burst a step whose groups are all sampled at once, which no engine does
 * @param overlap what sampling beside learning saves
 * @param scaling what more replicas gain
 */
@JsonPropertyOrder({"stepSeconds", "computeSeconds", "overheadMillis", "overheadFraction"})
public record PipelineFigures(
    double stepSeconds,
    double computeSeconds,
    double overheadMillis,
    double overheadFraction,
    Map<String, Long> bytes,
    Burst burst,
    Overlap overlap,
    List<Scaled> scaling) {
  private static final double STEP_SECONDS = 30;
  private static final double MOST_OVERHEAD = 0.01;
  private static final Map<Integer, Double> LEAST_SHARE = Map.of(2, 0.95, 4, 0.90);

  /**
   * Steps whose responses take no time to sample: how fast groups pass through.
   *
   * @param learnSeconds of a step, the optimizer steps
   * @param restMillis from the first task to the last score, and the publication of weights
   */
  public record Burst(double stepSeconds, double learnSeconds, double restMillis) {}

  /**
   * Steps whose groups take as long to sample as a step takes to learn.
   *
   * @param samplingSeconds of a step's groups
   * @param lag0StepSeconds one after the other
   * @param lag1StepSeconds side by side
   */
  public record Overlap(double samplingSeconds, double lag0StepSeconds, double lag1StepSeconds) {}

  /**
   * Replicas of a kind.
   *
   * @param groupsPerSecond of all of them
   * @param ofIdeal share of what slots that are always busy would sample
   */
  public record Scaled(int replicas, double groupsPerSecond, double ofIdeal) {}

  /**
   * From what was measured.
   *
   * @param burst a step whose responses take no time
   * @param bytesOfRun of a run of so many steps, by topic
   * @param samplingSeconds that the groups of the other steps take
   * @param lag0 a step that samples and then learns
   * @param lag1 a step that learns while the next is sampled
   */
  public static PipelineFigures of(
      StepTimes burst,
      Map<String, Long> bytesOfRun,
      int steps,
      double samplingSeconds,
      StepTimes lag0,
      StepTimes lag1,
      List<Scaled> scaling) {
    Map<String, Long> bytes = new LinkedHashMap<>();
    bytesOfRun.forEach((topic, all) -> bytes.put(topic, all / steps));
    double overhead = lag0.rest() - samplingSeconds;
    return new PipelineFigures(
        lag0.step(),
        samplingSeconds + lag0.learn(),
        1000 * overhead,
        overhead / STEP_SECONDS,
        bytes,
        new Burst(burst.step(), burst.learn(), 1000 * burst.rest()),
        new Overlap(samplingSeconds, lag0.step(), lag1.step()),
        scaling);
  }

  /** For people. */
  public List<String> table() {
    BenchTable table = new BenchTable();
    table.heading("a step at lag 0");
    table.latency("the step", Duration.ofMillis((long) (1000 * stepSeconds)));
    table.latency(
        "of it, sampling and learning", Duration.ofMillis((long) (1000 * computeSeconds)));
    table.figure(
        "the rest",
        String.format(Locale.ROOT, "%.0f ms", overheadMillis),
        new Target.AtMost(MOST_OVERHEAD * STEP_SECONDS * 1000),
        overheadMillis,
        String.format(Locale.ROOT, "%.0f ms", MOST_OVERHEAD * STEP_SECONDS * 1000));
    table.note(
        String.format(
            Locale.ROOT,
            "%.2f%% of a step of %.0f s; on the broker's disk: %s",
            100 * overheadFraction,
            STEP_SECONDS,
            megabytes()));
    table.heading("a step whose groups are all sampled at once, which no engine does");
    table.latency("the step", Duration.ofMillis((long) (1000 * burst.stepSeconds())));
    table.latency("of it, learning", Duration.ofMillis((long) (1000 * burst.learnSeconds())));
    table.latency("the rest", Duration.ofMillis((long) burst.restMillis()));
    table.heading(
        String.format(
            Locale.ROOT,
            "steps whose groups take %.1f s to sample, as long as one takes to learn",
            overlap.samplingSeconds()));
    table.figure("lag 0", String.format(Locale.ROOT, "%.1f s", overlap.lag0StepSeconds()));
    table.figure("lag 1", String.format(Locale.ROOT, "%.1f s", overlap.lag1StepSeconds()));
    table.note(
        String.format(
            Locale.ROOT,
            "%.2f of it; sampling wholly beside learning would be %.2f",
            overlap.lag1StepSeconds() / overlap.lag0StepSeconds(),
            overlap.samplingSeconds() / overlap.lag0StepSeconds()));
    table.heading("replicas with stubs of heavy-tailed durations");
    Scaled one = scaling.getFirst();
    for (Scaled scaled : scaling) {
      double share = scaled.groupsPerSecond() / one.groupsPerSecond() / scaled.replicas();
      String rate = String.format(Locale.ROOT, "%.1f groups/s", scaled.groupsPerSecond());
      String name = scaled.replicas() + (scaled.replicas() == 1 ? " replica" : " replicas");
      Double least = LEAST_SHARE.get(scaled.replicas());
      if (least == null) {
        table.figure(name, rate);
      } else {
        table.figure(
            name,
            rate,
            new Target.AtLeast(least),
            share,
            String.format(Locale.ROOT, "%.2f of ideal", least));
        table.note(
            String.format(Locale.ROOT, "%.3f of %d times one replica", share, scaled.replicas()));
      }
    }
    return table.lines();
  }

  private String megabytes() {
    StringBuilder text = new StringBuilder();
    bytes.forEach(
        (topic, size) ->
            text.append(text.isEmpty() ? "" : ", ")
                .append(String.format(Locale.ROOT, "%s %.1f MB", topic, size / 1e6)));
    return text.toString();
  }

  /** Writes the figures for programs. */
  public void write(Path file) throws IOException {
    new ObjectMapper().writerWithDefaultPrettyPrinter().writeValue(file.toFile(), this);
  }
}
