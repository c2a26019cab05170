package dev.drpo.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import dev.drpo.policy.safetensors.ElementType;
import dev.drpo.policy.safetensors.SafetensorsFile;
import dev.drpo.policy.safetensors.SafetensorsWriter;
import dev.drpo.policy.safetensors.TensorInfo;
import java.io.IOException;
import java.nio.ByteBuffer;
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
  void tensorsThatAreFusedMustBeOfOneType() throws IOException {
    List<TensorInfo> mixed = new ArrayList<>();
    for (TensorInfo info : weights.tensors().keySet()) {
      boolean odd = info.name().endsWith("up_proj.weight");
      mixed.add(
          new TensorInfo(info.name(), odd ? ElementType.BF16 : ElementType.F32, info.shape()));
    }
    Path path = folder.resolve("mixed");
    SafetensorsWriter.write(
        path, mixed, info -> ByteBuffer.allocate(Math.toIntExact(info.bytes())));

    assertThatThrownBy(() -> engine.decoder(CONFIG, path))
        .isInstanceOf(PolicyFormatException.class)
        .hasMessageContainingAll(
            path.toString(), "model.layers.0.mlp.up_proj.weight", "BF16", "F32");
  }

  private static void requireSameWeights(Decoder actual, Decoder expected) {
    for (int i = 0; i < expected.weights().size(); i++) {
      NDArray array = actual.weights().get(i);
      assertThat(array.getShape()).isEqualTo(expected.weights().get(i).getShape());
      assertThat(array.toFloatArray()).containsExactly(expected.weights().get(i).toFloatArray());
    }
  }
}
