package dev.drpo.policy.decoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.drpo.policy.Architectures;
import dev.drpo.policy.EngineScope;
import dev.drpo.policy.Oracle;
import dev.drpo.policy.RandomWeights;
import dev.drpo.policy.checkpoint.ModelConfig;
import dev.drpo.policy.checkpoint.PolicyFolder;
import dev.drpo.policy.checkpoint.PolicyInitializer;
import dev.drpo.policy.safetensors.ElementType;
import dev.drpo.policy.safetensors.Safetensors;
import dev.drpo.policy.safetensors.SafetensorsWriter;
import dev.drpo.policy.safetensors.ShardedSafetensors;
import dev.drpo.policy.safetensors.ShardedWriter;
import dev.drpo.policy.safetensors.TensorInfo;
import dev.drpo.policy.trainer.PolicyScorer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The script's log-probabilities against an independent implementation. */
class DecoderOracleTest {
  private static final int ROWS = 3;
  private static final int COLUMNS = 17;

  @RegisterExtension final EngineScope engine = new EngineScope();
  @TempDir Path folder;

  @ParameterizedTest
  @MethodSource("dev.drpo.policy.Architectures#all")
  void logProbabilitiesEqualTheOracles(ModelConfig config) throws IOException {
    Path file = RandomWeights.of(config, 11).write(folder.resolve("model.safetensors"));

    assertThat(error(config, file)).isLessThan(1e-5);
  }

  @ParameterizedTest
  @MethodSource("dev.drpo.policy.Architectures#all")
  void logProbabilitiesOfAnInitializedPolicyEqualTheOracles(ModelConfig config) throws IOException {
    Path file = folder.resolve("model.safetensors");
    PolicyInitializer.write(file, config, 0.06, 5);

    assertThat(error(config, file)).isLessThan(1e-5);
  }

  /** Shards of the published kind: 16-bit tensors under an index. */
  @ParameterizedTest
  @EnumSource(
      value = ElementType.class,
      names = {"F16", "BF16"})
  void logProbabilitiesOfShardsEqualTheOraclesOfTheRoundedWeights(ElementType type)
      throws IOException {
    ModelConfig config = Architectures.UNTIED_SEVEN_TO_ONE;
    RandomWeights weights = RandomWeights.of(config, 13);
    List<TensorInfo> tensors =
        weights.tensors().keySet().stream()
            .map(info -> new TensorInfo(info.name(), type, info.shape()))
            .toList();
    ShardedWriter.write(
        folder,
        tensors,
        4000,
        (file, shard) ->
            SafetensorsWriter.write(
                file,
                shard,
                info -> RandomWeights.bytes(weights.values(info.name()), info.type())));
    Path rounded = weights.roundedTo(type).write(folder.resolve("rounded"));

    try (Safetensors shards = new PolicyFolder(folder).openWeights()) {
      assertThat(shards).isInstanceOf(ShardedSafetensors.class);
      Decoder decoder = Decoder.load(engine.manager(), config, shards);
      assertThat(error(decoder, engine.oracle(config, rounded))).isLessThan(1e-5);
    }
  }

  @Test
  void theInitializerRepeatsItselfForASeedOnly() throws IOException {
    ModelConfig config = Architectures.TIED_ONE_TO_ONE;
    Path first = folder.resolve("first");
    Path again = folder.resolve("again");
    Path other = folder.resolve("other");
    PolicyInitializer.write(first, config, 0.06, 5);
    PolicyInitializer.write(again, config, 0.06, 5);
    PolicyInitializer.write(other, config, 0.06, 6);

    assertThat(again).hasSameBinaryContentAs(first);
    assertThat(other.toFile().length()).isEqualTo(first.toFile().length());
    assertThat(Files.mismatch(first, other)).isNotNegative();
  }

  @Test
  void sequencesOfOneStreamNeverReachEachOther() throws IOException {
    ModelConfig config = Architectures.UNTIED_FOUR_TO_TWO;
    Path file = RandomWeights.of(config, 12).write(folder.resolve("model.safetensors"));
    int[] tokens = {4, 9, 2, 30};
    try (PolicyScorer scorer = new PolicyScorer(engine.decoder(config, file), ElementType.F32)) {
      float[] alone = scorer.logProbabilities(List.of(tokens), 1).getFirst();
      List<float[]> together =
          scorer.logProbabilities(
              List.of(
                  tokens,
                  new int[] {8, 8, 8, 8, 8, 8, 8},
                  new int[] {4, 9, 2, 30, 36, 1, 17},
                  tokens),
              1);

      assertThat(together.getFirst()).containsExactly(alone, within(1e-5f));
      assertThat(Arrays.copyOf(together.get(2), alone.length))
          .containsExactly(alone, within(1e-5f));
      assertThat(together.getLast()).containsExactly(alone, within(1e-5f));
    }
  }

  private double error(ModelConfig config, Path file) {
    return error(engine.decoder(config, file), engine.oracle(config, file));
  }

  private static double error(Decoder decoder, Oracle oracle) {
    Random random = new Random(3);
    try (PolicyScorer scorer = new PolicyScorer(decoder, ElementType.F32)) {
      double error = 0;
      for (int row = 0; row < ROWS; row++) {
        int[] context = random.ints(COLUMNS, 0, scorer.config().vocabularySize()).toArray();
        error = Math.max(error, oracle.errorOf(scorer, context));
      }
      return error;
    }
  }
}
