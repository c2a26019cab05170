package dev.drpo.cli.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.drpo.cli.exit.ExitCode;
import dev.drpo.policy.checkpoint.PolicyFolder;
import dev.drpo.policy.decoder.Decoder;
import dev.drpo.policy.engine.TensorEngine;
import dev.drpo.policy.safetensors.ElementType;
import dev.drpo.policy.safetensors.Safetensors;
import dev.drpo.policy.text.PolicyTokenizer;
import dev.drpo.policy.trainer.PolicyScorer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;

/** The whole job through the packaged services: broker, reward, learner and rollout processes. */
@Timeout(value = 10, unit = TimeUnit.MINUTES, threadMode = ThreadMode.SEPARATE_THREAD)
class QuickstartIT {
  private static final double MAX_LOG_PROBABILITY_GAP = 1e-4;

  @TempDir Path folder;
  private Path config;

  @BeforeEach
  void configure() throws IOException {
    config = SmallRun.write(folder);
  }

  @Test
  void aFewStepsThroughTheRealServicesLearnFromEveryGroupOnce() throws Exception {
    try (DrpoProcess drpo = start("run", 3)) {
      assertThat(drpo.awaitEnd()).as(drpo.output()).isEqualTo(ExitCode.OK);

      FinishedRun run = new FinishedRun(folder.resolve("run"));
      assertReportIsWhole(run.report());
      for (String counter : List.of("dispatched", "scored", "trained")) {
        assertThat(run.groups(counter)).as(counter).isEqualTo(3 * SmallRun.PROMPTS_PER_STEP);
      }
      assertThat(run.groups("deadLetters")).isZero();
      assertThat(run.steps()).containsExactly(1L, 2L, 3L);
      assertThat(run.metrics().getFirst().path("logProbabilityGap").asDouble(1))
          .isLessThanOrEqualTo(MAX_LOG_PROBABILITY_GAP);
      assertPolicyLoadsAndHasLearned(run.folder().resolve("policy"));
      assertThat(run.loggedErrors()).isEmpty();
      assertThat(drpo.output()).contains("step 3/3").contains("mean length");
      assertThat(drpo.survivors()).isEmpty();
    }
    assertCanBeLookedInto("run");
  }

  /**
   * Each is a load to the other, and their groups come from other replicas in another order; the
   * only replica of one of them has another process sample, by the calls that vLLM takes.
   */
  @Test
  void twoRunsSideBySideWithOneAndThreeReplicasEndWithTheSamePolicy() throws Exception {
    Path log = folder.resolve("engine.log");
    try (EngineProcess engine = EngineProcess.start(config, log);
        DrpoProcess one =
            start(
                SmallRun.recomputing(folder, config, Optional.of(engine.address())),
                "one",
                2,
                "--rollouts",
                "1");
        DrpoProcess three =
            start(
                SmallRun.recomputing(folder, config, Optional.empty()),
                "three",
                2,
                "--rollouts",
                "3")) {
      assertThat(one.awaitEnd()).as(one.output() + Files.readString(log)).isEqualTo(ExitCode.OK);
      assertThat(three.awaitEnd()).as(three.output()).isEqualTo(ExitCode.OK);
      assertThat(engine.isAlive()).isTrue();
    }
    assertThat(folder.resolve("engine-weights")).isDirectoryNotContaining("glob:**/policy-*");
    FinishedRun one = new FinishedRun(folder.resolve("one"));
    FinishedRun three = new FinishedRun(folder.resolve("three"));
    for (FinishedRun run : List.of(one, three)) {
      assertThat(run.groups("trained")).isEqualTo(2 * SmallRun.PROMPTS_PER_STEP);
      assertThat(run.steps()).containsExactly(1L, 2L);
    }
    assertThat(three.report().at("/repeatability/obstacles")).isEmpty();
    assertThat(one.report().at("/repeatability/obstacles/0").asText())
        .startsWith("rollout.engine is vllm");
    assertThat(three.report().path("policyDigest").asText())
        .hasSize(64)
        .isEqualTo(one.report().path("policyDigest").asText());
    for (String what : List.of("before", "after")) {
      assertThat(three.report().path(what)).isEqualTo(one.report().path(what));
    }
  }

  /** The run has ended: its records are read through a broker that is started for the time. */
  private void assertCanBeLookedInto(String run) throws Exception {
    assertThat(output("status", run)).startsWith("run quickstart: complete, 3 steps");
    assertThat(output("rollouts", "stats", run))
        .contains("verdicts by rule")
        .containsPattern(
            "(?m)^ +3 +%d +%d"
                .formatted(
                    SmallRun.PROMPTS_PER_STEP, SmallRun.PROMPTS_PER_STEP * SmallRun.GROUP_SIZE))
        .contains("older groups are not shown");
    JsonNode group =
        new ObjectMapper()
            .readTree(
                output("rollouts", "show", run, "--step", "3", "--last", "1", "--json")
                    .lines()
                    .filter(line -> line.startsWith("{"))
                    .findFirst()
                    .orElseThrow());
    assertThat(group.path("step").asLong()).isEqualTo(3);
    assertThat(group.path("responses")).hasSize(SmallRun.GROUP_SIZE);
    assertThat(group.at("/responses/0/text").asText()).isNotBlank();
    assertThat(group.at("/responses/0/versions/0").isIntegralNumber()).isTrue();
  }

  private String output(String... words) throws Exception {
    try (DrpoProcess drpo = DrpoProcess.start(folder, words)) {
      assertThat(drpo.awaitEnd()).as(drpo.output()).isEqualTo(ExitCode.OK);
      assertThat(drpo.survivors()).isEmpty();
      return drpo.output();
    }
  }

  private DrpoProcess start(String out, int steps, String... more) throws IOException {
    return start(config, out, steps, more);
  }

  private DrpoProcess start(Path configuration, String out, int steps, String... more)
      throws IOException {
    String[] words = {
      "quickstart",
      "--config",
      configuration.toString(),
      "--out",
      out,
      "--steps",
      String.valueOf(steps)
    };
    return DrpoProcess.start(
        folder, Stream.concat(Stream.of(words), Stream.of(more)).toArray(String[]::new));
  }

  private static void assertReportIsWhole(JsonNode report) {
    assertThat(report.path("task").asText()).isEqualTo("quickstart");
    assertThat(report.path("objective").asText()).isEqualTo("drpo");
    assertThat(report.path("lambda").asDouble()).isEqualTo(0.1);
    assertThat(report.path("seed").isIntegralNumber()).isTrue();
    assertThat(report.path("steps").asLong()).isEqualTo(3);
    assertThat(report.path("wallSeconds").asDouble()).isPositive();
    for (String evaluation : List.of("before", "after")) {
      JsonNode measured = report.path(evaluation);
      assertThat(measured.path("accuracy").asDouble(-1)).as(evaluation).isBetween(0.0, 1.0);
      assertThat(measured.path("meanLength").asDouble()).as(evaluation).isPositive();
      // A mean over no response does not exist, and is null.
      assertThat(measured.has("meanLengthCorrect")).as(evaluation).isTrue();
      assertThat(measured.has("meanLengthWrong")).as(evaluation).isTrue();
      assertThat(measured.path("samples").asLong())
          .as(evaluation)
          .isEqualTo(SmallRun.EVALUATION_PROBLEMS * SmallRun.EVALUATION_SAMPLES);
    }
    assertThat(report.path("tokensGenerated").asLong()).isPositive();
    assertThat(report.path("tokensLearned").asLong()).isPositive();
    assertThat(report.at("/groups/duplicates").isIntegralNumber()).isTrue();
  }

  private static void assertPolicyLoadsAndHasLearned(Path path) throws IOException {
    PolicyFolder learned = new PolicyFolder(path);
    PolicyFolder start = new PolicyFolder(DrpoProcess.root().resolve("datasets/quickstart/policy"));
    try (NDManager manager = TensorEngine.newManager();
        PolicyTokenizer tokenizer = PolicyTokenizer.load(learned.path());
        Safetensors weights = learned.openWeights();
        PolicyScorer scorer =
            new PolicyScorer(Decoder.load(manager, learned.config(), weights), ElementType.F32)) {
      int[] prompt = tokenizer.encode("12 a * 3 b + 9 ?");
      for (float value : scorer.logProbabilities(List.of(prompt), 1).getFirst()) {
        assertThat(value).isFinite();
      }
    }
    assertThat(Files.mismatch(learned.weightsFile(), start.weightsFile())).isNotNegative();
  }
}
