package dev.drpo.tracking.mlflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import dev.drpo.reports.Evaluation;
import dev.drpo.reports.RunCounts;
import dev.drpo.reports.RunRepeatability;
import dev.drpo.reports.RunReport;
import dev.drpo.reports.StepMetrics;
import dev.drpo.reports.TaggedNumbers;
import dev.drpo.tracking.Steps;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.mlflow.api.proto.Service;

@Timeout(60)
class MlflowTrackerTest {
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
  private static final String ACCURACY = "train/accuracy";

  @TempDir Path folder;
  private FakeMlflow server;
  private Path metrics;

  @BeforeEach
  void open() throws IOException {
    server = new FakeMlflow();
    metrics = folder.resolve("metrics.jsonl");
  }

  @AfterEach
  void close() {
    server.close();
  }

  private MlflowTracker.Settings settings(URI address, Map<String, String> parameters) {
    return new MlflowTracker.Settings(
        address, "shorter reasoning", "mine", parameters, Map.of("drpo.data_digest", "12ab"));
  }

  private MlflowTracker start(long newestStep) {
    return start(newestStep, Map.of("run.seed", "7"));
  }

  private MlflowTracker start(long newestStep, Map<String, String> parameters) {
    return MlflowTracker.start(
        settings(server.address(), parameters),
        metrics,
        newestStep,
        Map.of(),
        () -> NOW,
        new MlflowTracker.Patience(
            Duration.ofMillis(5), Duration.ofMillis(20), Duration.ofSeconds(20)));
  }

  private void take(MlflowTracker tracker, long first, long last) throws IOException {
    for (long step = first; step <= last; step++) {
      Steps.write(metrics, step, step);
      tracker.step(Steps.step(step));
    }
  }

  private static List<Long> through(long last) {
    return LongStream.rangeClosed(1, last).boxed().toList();
  }

  @Test
  void everyFiniteNumberArrivesUnderItsTag() throws IOException {
    try (MlflowTracker tracker = start(0)) {
      take(tracker, 1, 3);
      tracker.evaluation(Steps.evaluation(0));
      tracker.evaluation(Steps.evaluation(2));
      tracker.evaluation(Steps.evaluation(0));
    }
    assertThat(server.experiments).containsOnlyKeys("shorter reasoning");
    assertThat(server.parameters).containsEntry("run.seed", "7");
    assertThat(server.tags).containsEntry("drpo.data_digest", "12ab");
    for (StepMetrics step : Steps.through(3)) {
      TaggedNumbers.of(step)
          .forEach(
              (tag, number) ->
                  assertThat(server.metrics.get(tag))
                      .extracting(Service.Metric::getStep, Service.Metric::getValue)
                      .contains(tuple(step.step(), number)));
    }
    assertThat(server.metrics).doesNotContainKey("policy/kl_hinge");
    assertThat(server.metrics.get(ACCURACY)).allMatch(m -> m.getTimestamp() == NOW.toEpochMilli());
    assertThat(server.stepsOf(ACCURACY)).isEqualTo(through(3));
    assertThat(server.stepsOf("eval/accuracy")).containsExactly(0L, 2L);
    assertThat(server.runs).containsValue(Service.RunStatus.KILLED);
  }

  @Test
  void aCompleteRunIsFinishedAndCarriesItsDigests() throws IOException {
    try (MlflowTracker tracker = start(0)) {
      take(tracker, 1, 1);
      tracker.completed(report());
    }
    assertThat(server.runs.values()).containsExactly(Service.RunStatus.FINISHED);
    assertThat(server.tags)
        .containsEntry("drpo.policy_digest", "0f")
        .containsEntry("drpo.starting_policy_digest", "1e")
        .containsEntry("drpo.configuration_digest", "3c");
  }

  private static RunReport report() {
    return new RunReport(
        "mine",
        "task",
        "policy",
        "drpo",
        0.1,
        1e-4,
        7,
        1,
        1,
        1,
        Evaluation.none(),
        Evaluation.none(),
        List.of(),
        null,
        1,
        1,
        RunCounts.NONE.groups(),
        "0f",
        new RunRepeatability("1e", "2d", "3c", List.of()),
        Map.of());
  }

  @Test
  void aBatchIsNeverLargerThanTheServerTakes() throws IOException {
    Steps.write(metrics, 1, 300);
    Map<String, String> many = new TreeMap<>();
    for (int key = 0; key < 250; key++) {
      many.put("key" + key, "v".repeat(key * 3));
    }
    start(300, many).close();
    assertThat(server.stepsOf(ACCURACY)).isEqualTo(through(300));
    assertThat(server.largestBatch).isBetween(900, 1000);
    assertThat(server.parameters).hasSize(250);
    assertThat(server.parameters.get("key249")).hasSize(500);
  }

  @Test
  void whatAServerThatWasAwayMissedIsSentOnceItIsBack() throws IOException {
    server.away(true);
    try (MlflowTracker tracker = start(0)) {
      // More than the queue holds.
      take(tracker, 1, 150);
      await().until(() -> server.called() >= 3);
      server.away(false);
      await().until(() -> server.stepsOf(ACCURACY).size() == 150);
      server.away(true);
      int before = server.called();
      take(tracker, 151, 152);
      await().until(() -> server.called() >= before + 2);
      server.away(false);
    }
    assertThat(server.stepsOf(ACCURACY)).isEqualTo(through(152));
  }

  @Test
  void aServerThatNobodyHasStartedCostsTheRunNothing() throws IOException {
    URI nobody = server.address();
    server.close();
    long start = System.nanoTime();
    try (MlflowTracker tracker =
        MlflowTracker.start(
            settings(nobody, Map.of()),
            metrics,
            0,
            Map.of(),
            () -> NOW,
            new MlflowTracker.Patience(
                Duration.ofMillis(5), Duration.ofMillis(20), Duration.ofMillis(200)))) {
      take(tracker, 1, 200);
    }
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
  }

  @Test
  void aResumedRunFindsItsRunAndSendsNoStepTwice() throws IOException {
    try (MlflowTracker tracker = start(0)) {
      take(tracker, 1, 6);
      tracker.evaluation(Steps.evaluation(0));
    }
    // From the checkpoint after step 4.
    try (MlflowTracker tracker = start(4)) {
      tracker.evaluation(Steps.evaluation(0));
      take(tracker, 5, 8);
    }
    assertThat(server.runs).hasSize(1);
    assertThat(server.stepsOf(ACCURACY)).isEqualTo(through(8));
    assertThat(server.stepsOf("eval/accuracy")).containsExactly(0L);
  }

  @Test
  void parametersStayThoseThatTheRunWasBegunWith() throws IOException {
    start(0, Map.of("rollout.slots", "8")).close();
    try (MlflowTracker tracker = start(0, Map.of("rollout.slots", "16"))) {
      take(tracker, 1, 2);
    }
    assertThat(server.parameters).containsEntry("rollout.slots", "8");
    assertThat(server.stepsOf(ACCURACY)).isEqualTo(through(2));
  }

  @Test
  void anotherRunIsMadeWhereTheServerHasLostItOrAnotherOneIsNamed() throws IOException {
    start(0).close();
    server.runs.clear();
    start(0).close();
    assertThat(server.runs).hasSize(1);
    Files.writeString(
        folder.resolve("mlflow.json"),
        "{\"server\": \"http://other\", \"experiment\": \"e\", \"runId\": \"run1\"}");
    start(0).close();
    assertThat(server.runs).hasSize(2);
  }

  @Test
  void credentialsAreTakenFromTheEnvironment() throws IOException, InterruptedException {
    Map<String, String> environment = new HashMap<>();
    for (Map<String, String> more :
        List.of(
            Map.<String, String>of(),
            Map.of("MLFLOW_TRACKING_USERNAME", "me", "MLFLOW_TRACKING_PASSWORD", "secret"),
            Map.of("MLFLOW_TRACKING_TOKEN", "t0ken"))) {
      environment.putAll(more);
      try (MlflowServer calls = new MlflowServer(server.address(), environment)) {
        calls.post("experiments/create", MlflowServer.object().put("name", "x"));
      }
    }
    assertThat(server.authorizations).containsExactly(null, "Basic bWU6c2VjcmV0", "Bearer t0ken");
  }
}
