package dev.drpo.learner.run;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDManager;
import dev.drpo.policy.checkpoint.PolicyDigest;
import dev.drpo.policy.checkpoint.PolicyFolder;
import dev.drpo.policy.decoder.Decoder;
import dev.drpo.policy.engine.TensorEngine;
import dev.drpo.policy.safetensors.Safetensors;
import dev.drpo.reports.Evaluation;
import dev.drpo.reports.EvaluationLog;
import dev.drpo.testkit.TinyPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BestPolicyTest {
  @TempDir Path run;
  private NDManager manager;
  private PolicyFolder start;
  private PolicyFolder other;
  private BestPolicy best;
  private Decoder present;

  @BeforeEach
  void open() throws IOException {
    TensorEngine.prepareThread();
    manager = TensorEngine.newManager();
    start = policy("start", 1);
    other = policy("other", 2);
    best = new BestPolicy(run, start);
  }

  @AfterEach
  void close() {
    manager.close();
  }

  @Test
  void theFolderHoldsWhatWasKeptLastAndSaysOfWhichStep() throws IOException {
    keep(3, start);
    assertThat(digest(held())).isEqualTo(digest(start));
    keep(7, other);
    assertThat(digest(held())).isEqualTo(digest(other));
    assertThat(run.resolve("best.json")).hasContent("{\"step\":7}");
    try (var files = Files.list(run)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("start", "other", "best", "best.json");
    }
  }

  @Test
  void aResumedRunWritesItAgainOnlyIfItIsNotKnownToBeThere() throws IOException {
    keep(3, start);
    Path written = best.folder().resolve("config.json");
    Files.writeString(written, "mark");
    keep(3, start);
    assertThat(written).hasContent("mark");

    // Killed after the folder was replaced, and before it was said.
    Files.writeString(run.resolve("best.json"), "{\"step\":2}");
    keep(3, start);
    assertThat(held().config()).isEqualTo(start.config());

    // Killed while it was replaced.
    Files.move(best.folder(), run.resolve(".best.old"));
    keep(3, other);
    assertThat(digest(held())).isEqualTo(digest(other));

    Files.writeString(run.resolve("best.json"), "{\"st");
    keep(3, start);
    assertThat(digest(held())).isEqualTo(digest(start));
  }

  @Test
  void onlyAPolicyThatBeatsAllBeforeItTakesThePlaceAndTheStartNever() throws Exception {
    Fixture fixture = new Fixture(run);
    RunEvaluations evaluations =
        new RunEvaluations(
            2,
            fixture.evaluator(),
            new EvaluationLog(run.resolve("evaluations.jsonl")),
            steps -> best.keep(steps, present),
            fixture.status);
    found(0, 5, 50);
    found(2, 5, 60);
    found(4, 6, 60);
    found(6, 5, 10);
    evaluate(evaluations, 0, start);
    assertThat(best.folder()).doesNotExist();
    evaluate(evaluations, 2, start);
    assertThat(best.folder()).doesNotExist();
    evaluate(evaluations, 4, other);
    assertThat(digest(held())).isEqualTo(digest(other));
    evaluate(evaluations, 6, start);
    assertThat(digest(held())).isEqualTo(digest(other));
    assertThat(fixture.status.snapshot().getBest().getStep()).isEqualTo(4);
    assertThat(fixture.status.snapshot().getEvaluationsList())
        .extracting(summary -> summary.getStep())
        .containsExactly(0L, 2L, 4L, 6L);
    assertThat(fixture.sent).isEmpty();
    assertThat(IntStream.rangeClosed(0, 5).filter(evaluations::isDueAt)).containsExactly(2, 4);
  }

  @Test
  void aResumedRunKnowsWhatItHasFoundUpToWhereItGoesOn() throws Exception {
    Fixture fixture = new Fixture(run);
    EvaluationLog log = new EvaluationLog(run.resolve("evaluations.jsonl"));
    RunEvaluations evaluations =
        new RunEvaluations(2, fixture.evaluator(), log, _ -> {}, fixture.status);
    found(0, 5, 50);
    found(2, 6, 60);
    found(4, 9, 60);
    evaluations.recallBefore(4);
    assertThat(log.all()).extracting(one -> one.step()).containsExactly(0L, 2L);
    assertThat(Files.readAllLines(run.resolve("evaluations.jsonl"))).hasSize(2);
    assertThat(evaluations.ofStart().accuracy()).isEqualTo(0.5);
  }

  private void evaluate(RunEvaluations evaluations, long step, PolicyFolder policy)
      throws Exception {
    try (NDManager manager = TensorEngine.newManager();
        Safetensors weights = policy.openWeights();
        Decoder decoder = Decoder.load(manager, policy.config(), weights)) {
      present = decoder;
      Evaluation found = evaluations.of(step);
      assertThat(found.problems()).isEqualTo(10);
    }
  }

  /** What an earlier process of the run has found: ten problems, the first ones solved. */
  private void found(long step, int right, int length) throws IOException {
    String problems =
        IntStream.range(0, 10)
            .mapToObj(
                i ->
                    "[{\"correct\":%s,\"length\":%d,\"truncated\":false}]"
                        .formatted(i < right, length))
            .toList()
            .toString();
    Files.writeString(run.resolve("evaluation-%08d.json".formatted(step)), problems);
  }

  private void keep(long step, PolicyFolder policy) throws IOException {
    try (Safetensors weights = policy.openWeights();
        Decoder decoder = Decoder.load(manager, policy.config(), weights)) {
      best.keep(step, decoder);
    }
  }

  private PolicyFolder held() {
    return new PolicyFolder(best.folder());
  }

  private PolicyFolder policy(String name, long seed) throws IOException {
    TinyPolicy.write(run.resolve(name), seed, TinyPolicy.Preset.SLIM);
    return new PolicyFolder(run.resolve(name));
  }

  private static PolicyDigest digest(PolicyFolder policy) {
    try (Safetensors weights = policy.openWeights()) {
      return PolicyDigest.of(weights);
    }
  }
}
