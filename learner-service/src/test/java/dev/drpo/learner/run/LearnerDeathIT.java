package dev.drpo.learner.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.drpo.broker.EmbeddedBroker;
import dev.drpo.learner.RunFiles;
import dev.drpo.learner.checkpoint.CheckpointStore;
import dev.drpo.reports.MetricsLog;
import dev.drpo.reports.StepMetrics;
import dev.drpo.runtime.config.ConfigLoader;
import dev.drpo.runtime.config.RunConfig;
import dev.drpo.runtime.messaging.Messaging;
import dev.drpo.testkit.Await;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jboss.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * kill -9 of the packaged learner, again and again in one run, over a real broker; now and then it
 * is asked to end instead.
 */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class LearnerDeathIT {
  private static final Logger LOG = Logger.getLogger(LearnerDeathIT.class);
  private static final int KILLS = 10;

  /** Of these, those that ask: while it learns, while it publishes, and while it learns again. */
  private static final Set<Integer> ASKED = Set.of(2, 4, 9);

  private static final int STEPS = 80;
  private static final int CHECKPOINT_EVERY = 3;
  private static final long SEED = 20_260_101;

  /** Longest delay of a kill that is aimed at nothing: a start and some steps. */
  private static final int MAX_MILLIS = 4000;

  /** Longest delay after what a kill is aimed at was seen: about a step. */
  private static final int MAX_MILLIS_AFTER = 25;

  /** Most times that the learner gets to the point before the one that it is killed at. */
  private static final int MAX_PASSES = 12;

  @TempDir Path directory;

  @Test
  void aRunKilledTenTimesEndsAsTheOneThatNeverWas() throws Exception {
    try (EmbeddedBroker broker = EmbeddedBroker.start(directory.resolve("broker"), 0)) {
      RunFiles files = RunFiles.write(directory);
      RunConfig whole = config(files, "whole", broker);
      try (ScriptedWorker worker = new ScriptedWorker(messaging(whole))) {
        complete(whole);
        assertThat(worker.failure()).isEmpty();
      }
      RunConfig killed = config(files, "killed", broker);
      try (ScriptedWorker worker = new ScriptedWorker(messaging(killed))) {
        // However fast the machine is, the run is not over before its time.
        worker.holdFrom(STEPS - 1);
        Random random = new Random(SEED);
        for (int kill = 0; kill < KILLS; kill++) {
          kill(killed, kill, random, worker);
        }
        worker.holdFrom(Long.MAX_VALUE);
        complete(killed);
        assertThat(worker.failure()).isEmpty();
      }
      assertSameEnd(killed.run().directory(), whole.run().directory());
    }
  }

  private void kill(RunConfig config, int number, Random random, ScriptedWorker worker)
      throws Exception {
    KillPoint point = KillPoint.values()[number % KillPoint.values().length];
    Path run = config.run().directory();
    try (LearnerProcess learner = start(config, "kill-" + number)) {
      long started = System.nanoTime();
      if (point == KillPoint.AT_ANY_TIME) {
        pause(random.nextInt(MAX_MILLIS));
      } else {
        int passes = 1 + random.nextInt(MAX_PASSES);
        for (int pass = 0; pass < passes; pass++) {
          Object before = point.trace(worker, run);
          Await.until(
              point + " for the next time",
              () -> {
                learner.requireAlive();
                assertThat(worker.failure()).isEmpty();
                return worker.isHolding() || !point.trace(worker, run).equals(before);
              });
        }
        pause(random.nextInt(MAX_MILLIS_AFTER));
      }
      if (ASKED.contains(number)) {
        learner.end();
        assertThat(newestCheckpoint(run)).as("steps kept at %s", point).isEqualTo(stepsDone(run));
      } else {
        learner.kill();
      }
      LOG.infof(
          "kill %d, %s, %d ms after the start; %d steps are in the metrics",
          number + 1,
          point,
          TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - started),
          stepsDone(run));
    }
  }

  private static long stepsDone(Path run) throws IOException {
    return MetricsLog.read(run.resolve("metrics.jsonl")).size();
  }

  private static long newestCheckpoint(Path run) throws IOException {
    return new CheckpointStore(run.resolve("checkpoints"), 2)
        .newest()
        .orElseThrow()
        .manifest()
        .step();
  }

  private static void pause(int millis) {
    LockSupport.parkNanos(Duration.ofMillis(millis).toNanos());
  }

  private void complete(RunConfig config) throws Exception {
    try (LearnerProcess learner = start(config, "completes-" + config.run().id())) {
      learner.awaitCompletion();
    }
  }

  private LearnerProcess start(RunConfig config, String name) throws IOException {
    return LearnerProcess.start(config, directory.resolve(name + ".log"));
  }

  private static void assertSameEnd(Path killed, Path whole) throws IOException {
    Path last = Path.of("checkpoints", "step-%08d".formatted(STEPS));
    for (String tensors : List.of("policy.safetensors", "optimizer.safetensors")) {
      assertThat(killed.resolve(last).resolve(tensors))
          .hasSameBinaryContentAs(whole.resolve(last).resolve(tensors));
    }
    assertThat(killed.resolve("policy/model.safetensors"))
        .hasSameBinaryContentAs(whole.resolve("policy/model.safetensors"));

    JsonNode groups = report(killed).path("groups");
    assertThat(groups.path("trained").asLong()).isEqualTo((long) STEPS * RunFiles.PROMPTS_PER_STEP);
    assertThat(groups.path("scored").asLong()).isEqualTo(groups.path("trained").asLong());
    assertThat(groups.path("deadLetters").asLong()).isZero();
    for (String same :
        List.of("policyDigest", "tokensLearned", "tokensGenerated", "before", "after")) {
      assertThat(report(killed).path(same)).as(same).isEqualTo(report(whole).path(same));
    }
    assertThat(steps(killed)).isEqualTo(steps(whole)).hasSize(STEPS);
  }

  private static JsonNode report(Path run) throws IOException {
    return new ObjectMapper().readTree(run.resolve("report.json").toFile());
  }

  /** What of a step's metrics does not depend on time. */
  private record Learned(
      long step, double accuracy, double objective, double gradientNorm, long tokens) {}

  private static List<Learned> steps(Path run) throws IOException {
    return MetricsLog.read(run.resolve("metrics.jsonl")).stream()
        .map(
            (StepMetrics step) ->
                new Learned(
                    step.step(),
                    step.accuracy(),
                    step.objective(),
                    step.gradientNorm(),
                    step.tokensLearned()))
        .toList();
  }

  private static RunConfig config(RunFiles files, String run, EmbeddedBroker broker) {
    Map<String, String> settings = new TreeMap<>(files.settings(run, broker.bootstrapServers()));
    settings.put("training.steps", Integer.toString(STEPS));
    settings.put("training.checkpoint-every", Integer.toString(CHECKPOINT_EVERY));
    settings.put("training.gap-alarm-of-delta", "Infinity");
    // Updates as patches of several records.
    settings.put("weights.type", "bfloat16");
    settings.put("weights.most-patch-fraction", "1");
    settings.put("weights.patch-chunk-bytes", "1024");
    settings.put("optimizer.learning-rate", "1e-5");
    return ConfigLoader.load(null, Map.of(), settings);
  }

  private static Messaging messaging(RunConfig config) {
    return Messaging.of(config, "learner-test", InstantSource.system());
  }
}
