package dev.drpo.policy.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.drpo.policy.Architectures;
import dev.drpo.policy.EngineScope;
import dev.drpo.policy.LogSoftmax;
import dev.drpo.policy.Oracle;
import dev.drpo.policy.RandomWeights;
import dev.drpo.policy.checkpoint.ModelConfig;
import dev.drpo.policy.safetensors.ElementType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PolicyScorerTest {
  private static final double TOLERANCE = 1e-5;

  @RegisterExtension final EngineScope engine = new EngineScope();
  @TempDir Path folder;

  @ParameterizedTest
  @MethodSource("dev.drpo.policy.Architectures#all")
  void valuesAreThoseOfTheOracle(ModelConfig config) throws IOException {
    List<int[]> sequences = sequences(config);
    Path weights = weights(config);
    Oracle oracle = engine.oracle(config, weights);
    try (PolicyScorer scorer = new PolicyScorer(engine.decoder(config, weights), ElementType.F32)) {
      for (double temperature : new double[] {1, 0.6}) {
        List<float[]> values = scorer.logProbabilities(sequences, temperature);
        for (int s = 0; s < sequences.size(); s++) {
          int[] tokens = sequences.get(s);
          LogSoftmax expected = LogSoftmax.of(oracle, tokens, new int[0]);
          assertThat(values.get(s)).hasSize(tokens.length - 1);
          for (int i = 0; i + 1 < tokens.length; i++) {
            assertThat((double) values.get(s)[i])
                .isCloseTo(expected.at(i, temperature)[tokens[i + 1]], within(TOLERANCE));
          }
        }
      }
    }
  }

  @Test
  void valuesAreThoseThatATrainerLearnsFrom() throws IOException {
    ModelConfig config = Architectures.UNTIED_FOUR_TO_TWO;
    Path weights = weights(config);
    try (PolicyScorer scorer = new PolicyScorer(engine.decoder(config, weights), ElementType.F32);
        PolicyTrainer trainer = engine.trainer(config, weights)) {
      for (int[] tokens : sequences(config)) {
        MicroBatch batch =
            MicroBatch.of(
                List.of(
                    new MicroBatch.Sequence(
                        Arrays.copyOf(tokens, 1), Arrays.copyOfRange(tokens, 1, tokens.length))));
        assertThat(scorer.logProbabilities(List.of(tokens), 0.6).getFirst())
            .containsExactly(
                trainer.logProbabilities(List.of(batch), 0.6).getFirst(),
                within((float) TOLERANCE));
      }
    }
  }

  @Test
  void inBfloat16ValuesAreThoseThatATrainerInBfloat16LearnsFrom() throws IOException {
    ModelConfig config = Architectures.UNTIED_FOUR_TO_TWO;
    Path weights = weights(config);
    TrainerOptions options =
        new TrainerOptions(ElementType.BF16, false, TrainerOptions.HEAD_ELEMENTS, 1);
    int[] tokens = sequences(config).get(1);
    MicroBatch batch =
        MicroBatch.of(
            List.of(
                new MicroBatch.Sequence(
                    Arrays.copyOf(tokens, 1), Arrays.copyOfRange(tokens, 1, tokens.length))));
    try (PolicyScorer exact = new PolicyScorer(engine.decoder(config, weights), ElementType.F32);
        PolicyScorer scorer = new PolicyScorer(engine.decoder(config, weights), ElementType.BF16);
        PolicyTrainer trainer = new PolicyTrainer(engine.decoder(config, weights), options)) {
      float[] values = scorer.logProbabilities(List.of(tokens), 1).getFirst();

      assertThat(values)
          .containsExactly(trainer.logProbabilities(List.of(batch), 1).getFirst(), within(1e-5f))
          .isNotEqualTo(exact.logProbabilities(List.of(tokens), 1).getFirst());
    }
  }

  @Test
  void howManyLogitsExistAtOnceChangesNothing() throws IOException {
    ModelConfig config = Architectures.TIED_FIVE_TO_ONE;
    Path weights = weights(config);
    List<int[]> sequences = sequences(config);
    try (PolicyScorer whole = new PolicyScorer(engine.decoder(config, weights), ElementType.F32)) {
      List<float[]> expected = whole.logProbabilities(sequences, 1);
      for (int logits : new int[] {1, 3 * config.vocabularySize()}) {
        try (PolicyScorer chunked =
            new PolicyScorer(engine.decoder(config, weights), ElementType.F32, logits)) {
          List<float[]> values = chunked.logProbabilities(sequences, 1);
          for (int s = 0; s < sequences.size(); s++) {
            assertThat(values.get(s)).containsExactly(expected.get(s), within((float) TOLERANCE));
          }
        }
      }
    }
  }

  private Path weights(ModelConfig config) throws IOException {
    return RandomWeights.of(config, 17).write(folder.resolve("weights.safetensors"));
  }

  private static List<int[]> sequences(ModelConfig config) {
    Random random = new Random(3);
    List<int[]> sequences = new ArrayList<>();
    for (int length : new int[] {2, 13, 7, 7, 3}) {
      sequences.add(random.ints(length, 0, config.vocabularySize()).toArray());
    }
    return sequences;
  }
}
