package dev.drpo.learner.step;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import dev.drpo.policy.checkpoint.PolicyDigest;
import dev.drpo.policy.checkpoint.PolicyInitializer;
import dev.drpo.policy.checkpoint.PolicyVersion;
import dev.drpo.policy.decoder.Decoder;
import dev.drpo.policy.engine.TensorEngine;
import dev.drpo.policy.safetensors.ElementType;
import dev.drpo.policy.safetensors.SafetensorsFile;
import dev.drpo.policy.trainer.MicroBatch;
import dev.drpo.policy.trainer.PolicyTrainer;
import dev.drpo.policy.trainer.TrainerOptions;
import dev.drpo.testkit.TinyPolicy;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;

/** A small random policy and random groups that it might have sampled. */
public final class StepFixture implements AutoCloseable {
  public static final int BUDGET = 16;
  public static final double TEMPERATURE = 0.7;
  public static final int EVERYTHING = 1 << 20;
  public static final PolicyVersion SAMPLED_BY =
      new PolicyVersion(4, new PolicyDigest("ab".repeat(32)));

  /** The present weights are those that sampled. */
  static final OptionalLong AS_SAMPLED = OptionalLong.of(SAMPLED_BY.step());

  static final OptionalLong NEVER_PUBLISHED = OptionalLong.empty();

  public final Path weights;
  public final PolicyTrainer trainer;
  private final NDManager manager;

  public StepFixture(Path folder) throws IOException {
    weights = folder.resolve("model.safetensors");
    PolicyInitializer.write(weights, TinyPolicy.Preset.SLIM.config(), 0.1, 5);
    TensorEngine.setThreads(1);
    TensorEngine.prepareThread();
    manager = TensorEngine.newManager();
    trainer = load(weights, 1);
  }

  public PolicyTrainer load(Path file, int workers) {
    try (SafetensorsFile open = SafetensorsFile.open(file)) {
      return new PolicyTrainer(
          Decoder.load(manager, TinyPolicy.Preset.SLIM.config(), open),
          new TrainerOptions(ElementType.F32, false, TrainerOptions.HEAD_ELEMENTS, workers));
    }
  }

  /** A trainer with copies of the weights on several devices, all of them the CPU. */
  PolicyTrainer loadOnDevices(Path file, int devices) {
    try (SafetensorsFile open = SafetensorsFile.open(file)) {
      return PolicyTrainer.load(
          Collections.nCopies(devices, Device.cpu()),
          TinyPolicy.Preset.SLIM.config(),
          open,
          TrainerOptions.DEFAULT);
    }
  }

  static UpdateSettings settings(int tokensPerMicroBatch, int retained) {
    return new UpdateSettings(TEMPERATURE, tokensPerMicroBatch, retained, 1, Importance.NONE);
  }

  /**
   * Random groups, sampled by a policy whose log-probabilities lie above the present ones.
   *
   * @param drift by how much, which is the KL estimate
   */
  public List<TrainingGroup> groups(Random random, double drift) {
    List<TrainingGroup> groups = new ArrayList<>();
    int count = 1 + random.nextInt(3);
    for (int q = 0; q < count; q++) {
      groups.add(group("q" + q, random, drift));
    }
    return groups;
  }

  private TrainingGroup group(String name, Random random, double drift) {
    int[] prompt = tokens(random, 1 + random.nextInt(6));
    List<TrainingGroup.Sample> samples = new ArrayList<>();
    int size = 2 + random.nextInt(4);
    for (int i = 0; i < size; i++) {
      int[] response = tokens(random, 1 + random.nextInt(BUDGET));
      float[] old = logProbabilities(prompt, response);
      for (int t = 0; t < old.length; t++) {
        old[t] += (float) drift;
      }
      boolean correct = i == 0 || (i > 1 && random.nextBoolean());
      samples.add(
          new TrainingGroup.Sample(response, old, correct, correct ? 1 : 0, false, SAMPLED_BY));
    }
    return new TrainingGroup(name, prompt, samples);
  }

  float[] logProbabilities(int[] prompt, int[] response) {
    MicroBatch alone = MicroBatch.of(List.of(new MicroBatch.Sequence(prompt, response)));
    return trainer.logProbabilities(List.of(alone), TEMPERATURE).getFirst();
  }

  private static int[] tokens(Random random, int length) {
    return random.ints(length, 0, TinyPolicy.Preset.SLIM.config().vocabularySize()).toArray();
  }

  /** The norm of the difference of two gradients in units of the second one's norm. */
  static double distance(List<float[]> actual, List<float[]> expected) {
    double difference = 0;
    double norm = 0;
    for (int w = 0; w < expected.size(); w++) {
      for (int i = 0; i < expected.get(w).length; i++) {
        double e = expected.get(w)[i];
        difference += Math.pow(actual.get(w)[i] - e, 2);
        norm += e * e;
      }
    }
    return Math.sqrt(difference) / Math.max(Math.sqrt(norm), 1e-12);
  }

  @Override
  public void close() {
    manager.close();
  }
}
