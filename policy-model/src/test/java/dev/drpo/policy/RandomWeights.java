package dev.drpo.policy;

import dev.drpo.policy.checkpoint.ModelConfig;
import dev.drpo.policy.checkpoint.PolicyLayout;
import dev.drpo.policy.safetensors.ElementType;
import dev.drpo.policy.safetensors.SafetensorsWriter;
import dev.drpo.policy.safetensors.TensorInfo;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * A random checkpoint in which every tensor matters: biases are not zero, norms are not one, and
 * matrices are large enough for attention to be far from uniform.
 */
public record RandomWeights(Map<TensorInfo, float[]> tensors) {

  public static RandomWeights of(ModelConfig config, long seed) {
    Random random = new Random(seed);
    Map<TensorInfo, float[]> tensors = new LinkedHashMap<>();
    for (PolicyLayout.Weight weight : PolicyLayout.of(config).weights()) {
      for (PolicyLayout.Part part : weight.parts()) {
        TensorInfo info = new TensorInfo(part.name(), ElementType.F32, part.shape());
        float[] values = new float[Math.toIntExact(info.elements())];
        double deviation = info.shape().size() == 2 ? 1.2 / Math.sqrt(info.shape().get(1)) : 0.3;
        double mean = info.name().endsWith("norm.weight") ? 1 : 0;
        for (int i = 0; i < values.length; i++) {
          values[i] = (float) (mean + deviation * random.nextGaussian());
        }
        tensors.put(info, values);
      }
    }
    return new RandomWeights(tensors);
  }

  /** Writes the weights, rounded to the type. */
  public Path write(Path file, ElementType type) throws IOException {
    Map<String, float[]> byName = new LinkedHashMap<>();
    tensors.forEach((info, values) -> byName.put(info.name(), values));
    List<TensorInfo> infos =
        tensors.keySet().stream()
            .map(info -> new TensorInfo(info.name(), type, info.shape()))
            .toList();
    SafetensorsWriter.write(file, infos, info -> bytes(byName.get(info.name()), type));
    return file;
  }

  public Path write(Path file) throws IOException {
    return write(file, ElementType.F32);
  }

  /** The weights that a file of a narrower type can hold. */
  public RandomWeights roundedTo(ElementType type) {
    Map<TensorInfo, float[]> rounded = new LinkedHashMap<>();
    tensors.forEach(
        (info, values) -> {
          rounded.put(info, narrowed(values, type));
        });
    return new RandomWeights(rounded);
  }

  /** A tensor's elements. */
  public float[] values(String name) {
    return tensors.entrySet().stream()
        .filter(entry -> entry.getKey().name().equals(name))
        .findFirst()
        .orElseThrow()
        .getValue();
  }

  public static float[] narrowed(float[] values, ElementType type) {
    float[] narrowed = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      narrowed[i] = narrowed(values[i], type);
    }
    return narrowed;
  }

  private static float narrowed(float value, ElementType type) {
    return switch (type) {
      case F32 -> value;
      case F16 -> Float.float16ToFloat(Float.floatToFloat16(value));
      case BF16 -> Float.intBitsToFloat(bfloat16(value) << 16);
    };
  }

  /** Rounds to nearest, ties to even. */
  private static short bfloat16(float value) {
    int bits = Float.floatToRawIntBits(value);
    return (short) ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16);
  }

  public static ByteBuffer bytes(float[] values, ElementType type) {
    ByteBuffer bytes =
        ByteBuffer.allocate(values.length * type.bytes()).order(ByteOrder.LITTLE_ENDIAN);
    for (float value : values) {
      switch (type) {
        case F32 -> bytes.putFloat(value);
        case F16 -> bytes.putShort(Float.floatToFloat16(value));
        case BF16 -> bytes.putShort(bfloat16(value));
      }
    }
    return bytes.flip();
  }
}
