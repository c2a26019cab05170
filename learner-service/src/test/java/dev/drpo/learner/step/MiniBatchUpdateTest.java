package dev.drpo.learner.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import dev.drpo.learner.TinyPolicy;
import dev.drpo.learner.objective.Drpo;
import dev.drpo.learner.objective.Grpo;
import dev.drpo.learner.objective.Objective;
import dev.drpo.policy.Decoder;
import dev.drpo.policy.MicroBatch;
import dev.drpo.policy.PolicyInitializer;
import dev.drpo.policy.PolicyLayout;
import dev.drpo.policy.PolicyTrainer;
import dev.drpo.policy.engine.TensorEngine;
import dev.drpo.policy.safetensors.SafetensorsFile;
import dev.drpo.policy.safetensors.SafetensorsWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MiniBatchUpdateTest {
  private static final int BUDGET = 16;
  private static final double TEMPERATURE = 0.7;
  private static final int EVERYTHING = 1 << 20;
  private static final int NEVER_PUBLISHED = -1;
  private static final PolicyTrainer.AdamW ADAM =
      new PolicyTrainer.AdamW(1e-3, 0.9, 0.999, 1e-8, 0.01, 1);

  @TempDir Path folder;
  private Path weights;
  private NDManager manager;
  private PolicyTrainer trainer;

  @BeforeEach
  void open() throws IOException {
    weights = folder.resolve("model.safetensors");
    PolicyInitializer.write(weights, TinyPolicy.CONFIG, 0.1, 5);
    TensorEngine.prepareThread();
    manager = TensorEngine.newManager();
    trainer = load(weights);
  }

  @AfterEach
  void close() {
    manager.close();
  }

  /**
   * Sums in fp32 come out in another order when the passes are cut elsewhere, so that an entry near
   * zero differs by more than a millionth of itself: the measure is the norm of the difference in
   * units of the gradient's norm. The policy is flat enough for log-probabilities to be exact to a
   * few ten-millionths, since the hinge multiplies their error.
   */
  @Test
  void anyMicroBatchSplitGivesTheSameGradient() {
    for (int seed = 0; seed < 24; seed++) {
      Random random = new Random(seed);
      List<TrainingGroup> groups = groups(random, seed % 2 == 0 ? 0 : 0.5);
      for (Objective objective : List.of(drpo(), new Grpo(0.2))) {
        List<float[]> whole = gradient(objective, groups, EVERYTHING, EVERYTHING);
        for (int split = 0; split < 3; split++) {
          int tokensPerMicroBatch = 8 + random.nextInt(120);
          int retained = split % 2 == 0 ? EVERYTHING : 0;
          List<float[]> cut = gradient(objective, groups, tokensPerMicroBatch, retained);
          double distance = norm(difference(cut, whole)) / Math.max(norm(whole), 1e-12);
          assertThat(distance)
              .as(
                  "seed %d, %s, %d tokens per micro-batch, %d retained",
                  seed, objective.getClass().getSimpleName(), tokensPerMicroBatch, retained)
              .isLessThanOrEqualTo(1e-6);
        }
      }
    }
  }

  @Test
  void theGradientIsTheFiniteDifferenceOfTheObjectiveByTheWeights() throws IOException {
    // Far from the trust region's edge, where the objective bends: inside and outside.
    for (double drift : new double[] {-0.3, 0.3}) {
      List<TrainingGroup> groups = groups(new Random(77), drift);
      List<float[]> gradient = gradient(drpo(), groups, 40, 0);
      List<PolicyLayout.Weight> layout = PolicyLayout.of(TinyPolicy.CONFIG).weights();
      for (String name :
          List.of(
              "model.embed_tokens.weight",
              "model.norm.weight",
              "model.layers.0.self_attn.q_proj.weight",
              "model.layers.1.self_attn.o_proj.weight",
              "model.layers.0.mlp.gate_proj.weight",
              "model.layers.1.mlp.down_proj.weight")) {
        float[] ofTensor = gradient.get(indexOf(layout, name));
        int element = largest(ofTensor, elements(layout, name));
        double width = 4e-3;
        double slope =
            (objectiveWith(name, element, width, groups)
                    - objectiveWith(name, element, -width, groups))
                / (2 * width);
        // Log-probabilities in fp32 leave a noise of about 1e-6 in the difference.
        assertThat((double) -ofTensor[element])
            .as("%s[%d], drift %s", name, element, drift)
            .isCloseTo(slope, within(0.01 * Math.abs(slope) + 1e-3));
      }
    }
  }

  @Test
  void aStepClimbsTheObjectiveAndCountsItself() {
    List<TrainingGroup> groups = groups(new Random(3), 0);
    // Without the hinge, which holds back what a step of this size would gain.
    MiniBatchUpdate update = update(new Drpo(BUDGET, 0.1, 10, 1e-4, 0), 64, 0);
    MiniBatchUpdate.Result first = update.apply(groups, 4);
    MiniBatchUpdate.Result second = update.apply(groups, NEVER_PUBLISHED);
    assertThat(second.objective()).isGreaterThan(first.objective());
    assertThat(first.gradientNorm()).isPositive().isFinite();
    assertThat(trainer.optimizerSteps()).isEqualTo(2);
  }

  @Test
  void theGapIsMeasuredOverSamplesOfThePresentWeightsOnly() {
    List<TrainingGroup> groups = groups(new Random(3), 0.25);
    assertThat(update(drpo(), 64, 0).accumulate(groups, 4).largestGap())
        .isCloseTo(0.25, within(1e-4));
    assertThat(update(drpo(), 64, 0).accumulate(groups, 5).largestGap()).isNaN();
  }

  @Test
  void aGradientThatIsNotFiniteLeavesThePolicyAsItWas() throws IOException {
    List<TrainingGroup> poisoned = new ArrayList<>(groups(new Random(3), 0));
    TrainingGroup first = poisoned.getFirst();
    TrainingGroup.Sample sample = first.samples().getFirst();
    float[] infinite = sample.logProbabilities().clone();
    infinite[0] = Float.POSITIVE_INFINITY;
    poisoned.set(
        0,
        new TrainingGroup(
            first.prompt(),
            first.promptTokens(),
            List.of(
                new TrainingGroup.Sample(
                    sample.tokens(), infinite, sample.correct(), sample.reward(), false, 4))));
    float[] before = logits();
    MiniBatchUpdate.Result result = update(drpo(), 64, 0).apply(poisoned, 4);
    assertThat(result.gradientNorm()).isNotFinite();
    assertThat(trainer.optimizerSteps()).isZero();
    assertThat(logits()).isEqualTo(before);
  }

  private float[] logits() {
    return trainer.decoder().logits(new long[][] {{1, 2, 3}});
  }

  private static Drpo drpo() {
    return new Drpo(BUDGET, 0.1, 10, 1e-4, 1e3);
  }

  private PolicyTrainer load(Path file) {
    try (SafetensorsFile open = SafetensorsFile.open(file)) {
      return new PolicyTrainer(Decoder.load(manager, TinyPolicy.CONFIG, open));
    }
  }

  private MiniBatchUpdate update(Objective objective, int tokensPerMicroBatch, int retained) {
    return new MiniBatchUpdate(
        trainer, objective, ADAM, TEMPERATURE, tokensPerMicroBatch, retained);
  }

  private List<float[]> gradient(
      Objective objective, List<TrainingGroup> groups, int tokensPerMicroBatch, int retained) {
    update(objective, tokensPerMicroBatch, retained).accumulate(groups, NEVER_PUBLISHED);
    return trainer.gradients();
  }

  /**
   * Random groups, sampled by a policy whose log-probabilities lie above the present ones.
   *
   * @param drift by how much, which is the KL estimate
   */
  private List<TrainingGroup> groups(Random random, double drift) {
    List<TrainingGroup> groups = new ArrayList<>();
    int count = 1 + random.nextInt(3);
    for (int q = 0; q < count; q++) {
      int[] prompt = tokens(random, 1 + random.nextInt(6));
      List<TrainingGroup.Sample> samples = new ArrayList<>();
      int size = 2 + random.nextInt(4);
      for (int i = 0; i < size; i++) {
        int[] response = tokens(random, 1 + random.nextInt(BUDGET));
        float[] old =
            trainer.logProbabilities(
                MicroBatch.of(List.of(new MicroBatch.Sequence(prompt, response))), TEMPERATURE);
        for (int t = 0; t < old.length; t++) {
          old[t] += (float) drift;
        }
        boolean correct = i == 0 || (i > 1 && random.nextBoolean());
        samples.add(new TrainingGroup.Sample(response, old, correct, correct ? 1 : 0, false, 4));
      }
      groups.add(new TrainingGroup("q" + q, prompt, samples));
    }
    return groups;
  }

  private static int[] tokens(Random random, int length) {
    return random.ints(length, 0, TinyPolicy.VOCABULARY).toArray();
  }

  /** The objective with one weight moved; the objective itself is checked by its own tests. */
  private double objectiveWith(String name, int element, double by, List<TrainingGroup> groups)
      throws IOException {
    Path file = folder.resolve("moved.safetensors");
    try (SafetensorsFile original = SafetensorsFile.open(weights)) {
      SafetensorsWriter.write(
          file,
          List.copyOf(original.tensors()),
          tensor -> {
            ByteBuffer bytes =
                ByteBuffer.allocate((int) tensor.bytes()).order(ByteOrder.LITTLE_ENDIAN);
            bytes.put(original.data(tensor.name()).asByteBuffer()).flip();
            if (tensor.name().equals(name)) {
              bytes.putFloat(4 * element, (float) (bytes.getFloat(4 * element) + by));
            }
            return bytes;
          });
    }
    try (PolicyTrainer moved = load(file)) {
      return new MiniBatchUpdate(moved, drpo(), ADAM, TEMPERATURE, EVERYTHING, 0)
          .accumulate(groups, NEVER_PUBLISHED)
          .objective();
    }
  }

  private static int indexOf(List<PolicyLayout.Weight> layout, String name) {
    for (int i = 0; i < layout.size(); i++) {
      if (layout.get(i).parts().getFirst().name().equals(name)) {
        return i;
      }
    }
    throw new AssertionError(name + " is not the first part of a weight");
  }

  private static int elements(List<PolicyLayout.Weight> layout, String name) {
    return layout.get(indexOf(layout, name)).parts().getFirst().shape().stream()
        .mapToInt(Math::toIntExact)
        .reduce(1, (a, b) -> a * b);
  }

  private static int largest(float[] values, int among) {
    int largest = 0;
    for (int i = 1; i < among; i++) {
      if (Math.abs(values[i]) > Math.abs(values[largest])) {
        largest = i;
      }
    }
    return largest;
  }

  private static List<float[]> difference(List<float[]> a, List<float[]> b) {
    List<float[]> difference = new ArrayList<>();
    for (int w = 0; w < a.size(); w++) {
      float[] of = a.get(w).clone();
      for (int i = 0; i < of.length; i++) {
        of[i] -= b.get(w)[i];
      }
      difference.add(of);
    }
    return difference;
  }

  private static double norm(List<float[]> gradient) {
    double squares = 0;
    for (float[] values : gradient) {
      for (float value : values) {
        squares += (double) value * value;
      }
    }
    return Math.sqrt(squares);
  }
}
