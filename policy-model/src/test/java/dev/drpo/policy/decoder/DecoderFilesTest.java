package dev.drpo.policy.decoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import dev.drpo.policy.Architectures;
import dev.drpo.policy.EngineScope;
import dev.drpo.policy.PolicyFormatException;
import dev.drpo.policy.RandomWeights;
import dev.drpo.policy.checkpoint.ModelConfig;
import dev.drpo.policy.safetensors.ElementType;
import dev.drpo.policy.safetensors.SafetensorsFile;
import dev.drpo.policy.safetensors.SafetensorsWriter;
import dev.drpo.policy.safetensors.TensorInfo;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Weights from and to files of every element type, and files that do not fit. */
class DecoderFilesTest {
  private static final ModelConfig CONFIG = Architectures.UNTIED_FOUR_TO_TWO;

  @RegisterExtension final EngineScope engine = new EngineScope();
  @TempDir Path folder;

  private final RandomWeights weights = RandomWeights.of(CONFIG, 61);

  @ParameterizedTest
  @EnumSource(ElementType.class)
  void aFileOfAnyTypeLoadsAsItsValuesInFp32(ElementType type) throws IOException {
    Path narrow = weights.write(folder.resolve("narrow"), type);
    Path rounded = weights.roundedTo(type).write(folder.resolve("rounded"), ElementType.F32);
    try (Decoder actual = engine.decoder(CONFIG, narrow);
        Decoder expected = engine.decoder(CONFIG, rounded)) {
      requireSameWeights(actual, expected);
    }
  }

  @ParameterizedTest
  @EnumSource(ElementType.class)
  void savingRoundsToNearestAndKeepsNamesAndShapes(ElementType type) throws IOException {
    Path expected = weights.write(folder.resolve("expected"), type);
    Path saved = folder.resolve("saved");
    try (Decoder decoder = engine.decoder(CONFIG, weights.write(folder.resolve("fp32")))) {
      decoder.save(saved, type);
    }

    assertThat(saved).hasSameBinaryContentAs(expected);
  }

  @ParameterizedTest
  @EnumSource(ElementType.class)
  void replacedWeightsAreThoseOfTheFile(ElementType type) throws IOException {
    Path other = RandomWeights.of(CONFIG, 62).write(folder.resolve("other"), type);
    try (Decoder replaced = engine.decoder(CONFIG, weights.write(folder.resolve("fp32")));
        Decoder expected = engine.decoder(CONFIG, other);
        SafetensorsFile file = SafetensorsFile.open(other)) {
      replaced.replaceWeights(file);

      requireSameWeights(replaced, expected);
    }
  }

  @Test
  void aTensorOfTheWrongShapeIsRefusedWithBothShapesAndNothingChanges() throws IOException {
    ModelConfig wider = new ModelConfig(37, 32, 56, 2, 4, 2, 64, 10_000, 1e-6, false);
    Path foreign = RandomWeights.of(wider, 1).write(folder.resolve("foreign"));
    Path own = weights.write(folder.resolve("own"));
    String[] expected = {
      foreign.toString(), "model.layers.0.mlp.gate_proj.weight", "[56, 32]", "[48, 32]"
    };

    assertThatThrownBy(() -> engine.decoder(CONFIG, foreign))
        .isInstanceOf(PolicyFormatException.class)
        .hasMessageContainingAll(expected);
    try (Decoder decoder = engine.decoder(CONFIG, own);
        Decoder untouched = engine.decoder(CONFIG, own);
        SafetensorsFile file = SafetensorsFile.open(foreign)) {
      assertThatThrownBy(() -> decoder.replaceWeights(file))
          .isInstanceOf(PolicyFormatException.class)
          .hasMessageContainingAll(expected);
      requireSameWeights(decoder, untouched);
    }
  }

  @Test
  void aMissingTensorIsRefusedByName() throws IOException {
    Map<TensorInfo, float[]> rest = new LinkedHashMap<>(weights.tensors());
    rest.keySet().removeIf(info -> info.name().equals("model.layers.1.self_attn.k_proj.bias"));
    Path file = new RandomWeights(rest).write(folder.resolve("incomplete"));

    assertThatThrownBy(() -> engine.decoder(CONFIG, file))
        .isInstanceOf(PolicyFormatException.class)
        .hasMessageContainingAll(file.toString(), "no tensor model.layers.1.self_attn.k_proj.bias");
  }

  @Test
  void anUnknownTensorIsRefusedByFileAndName() throws IOException {
    Map<TensorInfo, float[]> more = new LinkedHashMap<>(weights.tensors());
    more.put(TensorInfo.of("model.layers.2.mlp.up_proj.weight", ElementType.F32, 1), new float[1]);
    Path file = new RandomWeights(more).write(folder.resolve("deeper"));

    assertThatThrownBy(() -> engine.decoder(CONFIG, file))
        .isInstanceOf(PolicyFormatException.class)
        .hasMessageContainingAll(
            file.toString(), "model.layers.2.mlp.up_proj.weight", "config.json does not ask");
  }

  @Test
  void aTiedHeadThatIsWrittenTwiceAndRotaryTablesAreNotUsed() throws IOException {
    ModelConfig tied = Architectures.TIED_ONE_TO_ONE;
    RandomWeights plain = RandomWeights.of(tied, 5);
    Map<TensorInfo, float[]> more = new LinkedHashMap<>(plain.tensors());
    more.put(TensorInfo.of("lm_head.weight", ElementType.F32, 2), new float[2]);
    String frequencies = "model.layers.0.self_attn.rotary_emb.inv_freq";
    more.put(TensorInfo.of(frequencies, ElementType.F32, 3), new float[3]);
    try (Decoder actual =
            engine.decoder(tied, new RandomWeights(more).write(folder.resolve("more")));
        Decoder expected = engine.decoder(tied, plain.write(folder.resolve("plain")))) {
      requireSameWeights(actual, expected);
    }
  }

  @Test
  void everyTensorMayHaveATypeOfItsOwn() throws IOException {
    ElementType[] types = ElementType.values();
    List<TensorInfo> mixed = new ArrayList<>();
    Map<TensorInfo, float[]> rounded = new LinkedHashMap<>();
    weights
        .tensors()
        .forEach(
            (info, values) -> {
              ElementType type = types[mixed.size() % types.length];
              mixed.add(new TensorInfo(info.name(), type, info.shape()));
              rounded.put(info, RandomWeights.narrowed(values, type));
            });
    Path path = folder.resolve("mixed");
    SafetensorsWriter.write(
        path, mixed, info -> RandomWeights.bytes(weights.values(info.name()), info.type()));

    try (Decoder actual = engine.decoder(CONFIG, path);
        Decoder expected =
            engine.decoder(CONFIG, new RandomWeights(rounded).write(folder.resolve("rounded")))) {
      requireSameWeights(actual, expected);
    }
  }

  /** Pieces of 7 elements cut every matrix, and leave a rest. */
  @ParameterizedTest
  @EnumSource(ElementType.class)
  void weightsAreTheSameHoweverTheyAreCut(ElementType type) throws IOException {
    Path file = weights.write(folder.resolve("file"), type);
    Path saved = folder.resolve("saved");
    try (SafetensorsFile open = SafetensorsFile.open(file);
        Decoder cut = Decoder.load(engine.manager(), CONFIG, open, ElementType.F32, 7);
        Decoder whole = engine.decoder(CONFIG, file)) {
      requireSameWeights(cut, whole);
      cut.save(saved, type);
    }

    assertThat(saved).hasSameBinaryContentAs(file);
  }

  /** Among them subnormal numbers, infinities, both zeros and the largest magnitudes. */
  @ParameterizedTest
  @EnumSource(
      value = ElementType.class,
      names = {"F16", "BF16"})
  void everySixteenBitNumberSurvivesFp32(ElementType type) throws IOException {
    ModelConfig wide = new ModelConfig(4096, 16, 2, 1, 2, 1, 8, 10_000, 1e-6, true);
    List<TensorInfo> infos =
        RandomWeights.of(wide, 1).tensors().keySet().stream()
            .map(info -> new TensorInfo(info.name(), type, info.shape()))
            .toList();
    Path path = folder.resolve("all");
    SafetensorsWriter.write(path, infos, DecoderFilesTest::everyNumber);
    Path saved = folder.resolve("saved");
    try (Decoder decoder = engine.decoder(wide, path)) {
      decoder.save(saved, type);
    }

    assertThat(saved).hasSameBinaryContentAs(path);
  }

  /** Counts through all 16-bit patterns but those of NaNs, which have many names. */
  private static ByteBuffer everyNumber(TensorInfo info) {
    ByteBuffer bytes =
        ByteBuffer.allocate(Math.toIntExact(info.bytes())).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; bytes.hasRemaining(); i++) {
      short bits = (short) i;
      float value =
          info.type() == ElementType.F16
              ? Float.float16ToFloat(bits)
              : Float.intBitsToFloat(bits << 16);
      bytes.putShort(Float.isNaN(value) ? 0 : bits);
    }
    return bytes.flip();
  }

  private static void requireSameWeights(Decoder actual, Decoder expected) {
    for (int i = 0; i < expected.weights().size(); i++) {
      NDArray array = actual.weights().get(i);
      assertThat(array.getShape()).isEqualTo(expected.weights().get(i).getShape());
      assertThat(array.toFloatArray()).containsExactly(expected.weights().get(i).toFloatArray());
    }
  }
}
