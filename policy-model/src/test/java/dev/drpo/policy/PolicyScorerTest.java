package dev.drpo.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PolicyScorerTest {
  private static final ModelConfig CONFIG = Architectures.UNTIED_FOUR_TO_TWO;
  private static final double TOLERANCE = 1e-5;

  @RegisterExtension final EngineScope engine = new EngineScope();
  @TempDir Path folder;

  @ParameterizedTest
  @MethodSource("dev.drpo.policy.Architectures#all")
  void valuesAreThoseOfAnIndependentSoftmax(ModelConfig config) throws IOException {
    List<MicroBatch.Sequence> sequences = sequences(config, 5);
    Decoder decoder = engine.decoder(config, weights(config));
    try (PolicyScorer scorer = new PolicyScorer(decoder)) {
      for (double temperature : new double[] {1, 0.6}) {
        float[] values = scorer.logProbabilities(MicroBatch.of(sequences), temperature);
        int next = 0;
        for (MicroBatch.Sequence sequence : sequences) {
          LogSoftmax expected = LogSoftmax.of(decoder, sequence.prompt(), sequence.response());
          for (int i = 0; i < sequence.response().length; i++) {
            int position = sequence.prompt().length + i - 1;
            assertThat((double) values[next++])
                .isCloseTo(
                    expected.at(position, temperature)[sequence.response()[i]], within(TOLERANCE));
          }
        }
        assertThat(next).isEqualTo(values.length);
      }
    }
  }

  @Test
  void valuesAreTheTrainersBitForBit() throws IOException {
    MicroBatch batch = MicroBatch.of(sequences(CONFIG, 4));
    Path weights = weights(CONFIG);
    try (PolicyScorer scorer = new PolicyScorer(engine.decoder(CONFIG, weights));
        PolicyTrainer trainer = engine.trainer(CONFIG, weights)) {
      assertThat(scorer.logProbabilities(batch, 0.6))
          .containsExactly(trainer.logProbabilities(batch, 0.6));
    }
  }

  private Path weights(ModelConfig config) throws IOException {
    return RandomWeights.of(config, 17).write(folder.resolve("weights.safetensors"));
  }

  private static List<MicroBatch.Sequence> sequences(ModelConfig config, int count) {
    Random random = new Random(3);
    List<MicroBatch.Sequence> sequences = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      sequences.add(
          new MicroBatch.Sequence(
              random.ints(1 + random.nextInt(4), 0, config.vocabularySize()).toArray(),
              random.ints(1 + random.nextInt(9), 0, config.vocabularySize()).toArray()));
    }
    return sequences;
  }
}
