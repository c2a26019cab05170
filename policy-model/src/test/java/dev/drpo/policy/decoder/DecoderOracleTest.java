package dev.drpo.policy.decoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.drpo.policy.Architectures;
import dev.drpo.policy.EngineScope;
import dev.drpo.policy.RandomWeights;
import dev.drpo.policy.RelativeError;
import dev.drpo.policy.checkpoint.ModelConfig;
import dev.drpo.policy.checkpoint.PolicyFolder;
import dev.drpo.policy.checkpoint.PolicyInitializer;
import dev.drpo.policy.safetensors.ElementType;
import dev.drpo.policy.safetensors.Safetensors;
import dev.drpo.policy.safetensors.SafetensorsWriter;
import dev.drpo.policy.safetensors.ShardedSafetensors;
import dev.drpo.policy.safetensors.ShardedWriter;
import dev.drpo.policy.safetensors.TensorInfo;
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

/** The script's logits against an independent implementation. */
class DecoderOracleTest {
  private static final int ROWS = 3;
  private static final int COLUMNS = 17;

  @RegisterExtension final EngineScope engine = new EngineScope();
  @TempDir Path folder;

  @ParameterizedTest
  @MethodSource("dev.drpo.policy.Architectures#all")
  void logitsEqualTheOracles(ModelConfig config) throws IOException {
    Path file = RandomWeights.of(config, 11).write(folder.resolve("model.safetensors"));

    assertThat(logitsError(config, file)).isLessThan(1e-5);
  }

  @ParameterizedTest
  @MethodSource("dev.drpo.policy.Architectures#all")
  void logitsOfAnInitializedPolicyEqualTheOracles(ModelConfig config) throws IOException {
    Path file = folder.resolve("model.safetensors");
    PolicyInitializer.write(file, config, 0.06, 5);

    assertThat(logitsError(config, file)).isLessThan(1e-5);
  }

  /** Shards of the published kind: 16-bit tensors under an index. */
  @ParameterizedTest
  @EnumSource(
      value = ElementType.class,
      names = {"F16", "BF16"})
  void logitsOfShardsEqualTheOraclesOfTheRoundedWeights(ElementType type) throws IOException {
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
    long[] ids = new Random(7).longs(COLUMNS, 0, config.vocabularySize()).toArray();

    try (Safetensors shards = new PolicyFolder(folder).openWeights();
        Decoder decoder = Decoder.load(engine.manager(), config, shards)) {
      double[] expected = engine.oracle(config, rounded).logits(ids, 1, COLUMNS);
      assertThat(shards).isInstanceOf(ShardedSafetensors.class);
      assertThat(RelativeError.of(decoder.logits(new long[][] {ids}), expected)).isLessThan(1e-5);
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
  void paddingNeverReachesARealToken() throws IOException {
    ModelConfig config = Architectures.UNTIED_FOUR_TO_TWO;
    Path file = RandomWeights.of(config, 12).write(folder.resolve("model.safetensors"));
    try (Decoder decoder = engine.decoder(config, file)) {
      float[] alone = decoder.logits(new long[][] {{4, 9, 2, 30}});
      float[] padded =
          decoder.logits(
              new long[][] {
                {4, 9, 2, 30, 0, 0, 0}, {8, 8, 8, 8, 8, 8, 8}, {4, 9, 2, 30, 36, 1, 17}
              });
      int row = 7 * config.vocabularySize();

      assertThat(Arrays.copyOf(padded, alone.length)).containsExactly(alone, within(1e-5f));
      assertThat(Arrays.copyOfRange(padded, 2 * row, 2 * row + alone.length))
          .containsExactly(alone, within(1e-5f));
    }
  }

  private double logitsError(ModelConfig config, Path file) {
    long[][] ids = new long[ROWS][];
    Random random = new Random(3);
    for (int row = 0; row < ROWS; row++) {
      ids[row] = random.longs(COLUMNS, 0, config.vocabularySize()).toArray();
    }
    long[] flat = Arrays.stream(ids).flatMapToLong(Arrays::stream).toArray();
    try (Decoder decoder = engine.decoder(config, file)) {
      double[] expected = engine.oracle(config, file).logits(flat, ROWS, COLUMNS);
      return RelativeError.of(decoder.logits(ids), expected);
    }
  }
}
