package dev.drpo.policy.sampler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drpo.policy.EngineScope;
import dev.drpo.policy.RandomWeights;
import dev.drpo.policy.checkpoint.ModelConfig;
import dev.drpo.policy.safetensors.ElementType;
import dev.drpo.policy.trainer.MicroBatch;
import dev.drpo.policy.trainer.PolicyTrainer;
import dev.drpo.policy.trainer.TrainerOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** How far the sampler lies from the learner in bfloat16, which a trust region counts as KL. */
class SamplerPrecisionTest {
  private static final ModelConfig CONFIG =
      new ModelConfig(300, 64, 160, 8, 4, 2, 128, 10_000, 1e-6, true);

  private static final int SEQUENCES = 24;
  private static final int PROMPT = 16;
  private static final int RESPONSE = 48;

  @RegisterExtension final EngineScope engine = new EngineScope();
  @TempDir Path folder;

  @Test
  void samplerAndLearnerRoundInTheSamePlaces() throws IOException {
    Path weights =
        RandomWeights.of(CONFIG, 5).write(folder.resolve("model.safetensors"), ElementType.BF16);
    List<Generation.Request> requests = requests();
    List<Generation.Result> sampled;
    try (PolicySampler sampler =
        new PolicySampler(
            engine.decoder(CONFIG, weights, ElementType.BF16),
            KvCacheSize.of(SEQUENCES, PROMPT, RESPONSE))) {
      sampled = Generation.run(sampler, requests);
    }
    TrainerOptions options =
        new TrainerOptions(ElementType.BF16, false, TrainerOptions.HEAD_ELEMENTS, 1);
    double divergence = 0;
    int tokens = 0;
    try (PolicyTrainer learner = new PolicyTrainer(engine.decoder(CONFIG, weights), options)) {
      for (int i = 0; i < SEQUENCES; i++) {
        MicroBatch batch =
            MicroBatch.of(
                List.of(
                    new MicroBatch.Sequence(requests.get(i).prompt(), sampled.get(i).tokens())));
        float[] learned = learner.logProbabilities(List.of(batch), 1).getFirst();
        for (int t = 0; t < learned.length; t++) {
          double ratio = (double) learned[t] - sampled.get(i).logProbabilities()[t];
          divergence += Math.expm1(ratio) - ratio;
          tokens++;
        }
      }
    }
    // What is left is attention: the sampler's keys, values and results are rounded, the learner's
    // on the CPU are not. With a rounded residual stream and rotation, 3.5e-4 was measured.
    assertThat(divergence / tokens).isLessThan(2.9e-4);
  }

  private static List<Generation.Request> requests() {
    Random random = new Random(6);
    return IntStream.range(0, SEQUENCES)
        .mapToObj(
            i ->
                new Generation.Request(
                    random.ints(PROMPT, 0, CONFIG.vocabularySize()).toArray(),
                    RESPONSE,
                    SamplingLaw.at(1),
                    new CounterRandom(i, i)))
        .toList();
  }
}
