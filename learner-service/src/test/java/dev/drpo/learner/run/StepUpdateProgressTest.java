package dev.drpo.learner.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drpo.learner.RunFiles;
import dev.drpo.learner.step.TrainingGroup;
import dev.drpo.policy.checkpoint.PolicyDigest;
import dev.drpo.policy.checkpoint.PolicyFolder;
import dev.drpo.policy.checkpoint.PolicyVersion;
import dev.drpo.policy.engine.TensorEngine;
import dev.drpo.policy.safetensors.Safetensors;
import dev.drpo.policy.trainer.PolicyTrainer;
import dev.drpo.runtime.config.ConfigLoader;
import dev.drpo.runtime.config.RunConfig;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A long update is no standstill: what the launcher watches moves with each micro-batch. */
class StepUpdateProgressTest {
  private static final PolicyVersion START =
      new PolicyVersion(0, new PolicyDigest("ab".repeat(32)));
  private static final int GROUPS = 6;

  @TempDir Path folder;

  /** Kept activations, a forward pass computed again, and log-probabilities before the update. */
  @ParameterizedTest
  @CsvSource({"100000, behaviour, 2", "0, behaviour, 3", "100000, recompute, 2"})
  void theWorkOfAStepIsCountedWhileItIsDone(int retained, String old, int leastPasses)
      throws Exception {
    RunStatus status = new RunStatus("test", 10);
    RunConfig config = config(retained, old);
    TensorEngine.setThreads(1);
    TensorEngine.prepareThread();
    TrainingDevices devices = TrainingDevices.of(config);
    PolicyFolder policy = new PolicyFolder(folder.resolve("policy"));
    ConcurrentSkipListSet<Long> seen = new ConcurrentSkipListSet<>();
    try (Safetensors weights = policy.openWeights();
        PolicyTrainer trainer =
            PolicyTrainer.load(
                devices.devices(), policy.config(), weights, devices.options(policy.config()))) {
      trainer.reportTo(
          () -> {
            status.worked();
            seen.add(status.snapshot().getWorkDone());
          });
      StepUpdate update = new StepUpdate(config, trainer, devices, new StagedObjective(config));
      update.learn(groups(), 0);
    }
    // One response each micro-batch, in one mini-batch; what the update itself takes comes on top.
    assertThat(seen).hasSizeGreaterThan(leastPasses * 2 * GROUPS);
  }

  @Test
  void momentsThatAreWrittenCountPieceByPiece() throws Exception {
    RunStatus status = new RunStatus("test", 10);
    RunConfig config = config(0, "behaviour");
    TensorEngine.setThreads(1);
    TensorEngine.prepareThread();
    TrainingDevices devices = TrainingDevices.of(config);
    PolicyFolder policy = new PolicyFolder(folder.resolve("policy"));
    try (Safetensors weights = policy.openWeights();
        PolicyTrainer trainer =
            PolicyTrainer.load(
                devices.devices(), policy.config(), weights, devices.options(policy.config()))) {
      trainer.reportTo(status::worked);
      trainer.saveMoments(folder.resolve("moments.safetensors"));
      assertThat(status.snapshot().getWorkDone())
          .isGreaterThanOrEqualTo(2L * weights.tensors().size());
    }
  }

  private RunConfig config(int retained, String old) throws Exception {
    Map<String, String> settings =
        new TreeMap<>(RunFiles.write(folder).settings("progress", "localhost:9092"));
    settings.put("training.mini-batches-per-step", "1");
    // The prompt and the response of one group; no two fit together.
    settings.put("training.tokens-per-micro-batch", "20");
    settings.put("training.retained-tokens", Integer.toString(retained));
    settings.put("training.old-log-probabilities", old);
    return ConfigLoader.load(null, Map.of(), settings);
  }

  private static List<TrainingGroup> groups() {
    return IntStream.range(0, GROUPS)
        .mapToObj(i -> new TrainingGroup("q" + i, prompt(), List.of(sample(true), sample(false))))
        .toList();
  }

  private static int[] prompt() {
    return new int[] {1, 2, 3, 4, 5, 6, 7, 8};
  }

  private static TrainingGroup.Sample sample(boolean correct) {
    int[] tokens = IntStream.rangeClosed(1, 12).toArray();
    float[] logProbabilities = new float[tokens.length];
    Arrays.fill(logProbabilities, -2.5f);
    return new TrainingGroup.Sample(
        tokens, logProbabilities, correct, correct ? 1 : 0, false, START);
  }
}
