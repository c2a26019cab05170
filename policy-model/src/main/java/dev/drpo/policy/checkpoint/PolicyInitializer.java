package dev.drpo.policy.checkpoint;

import dev.drpo.policy.safetensors.ElementType;
import dev.drpo.policy.safetensors.SafetensorsWriter;
import dev.drpo.policy.safetensors.TensorInfo;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/**
 * Writes a policy with random weights: matrices normal with a given deviation, projections into the
 * residual stream narrower by the square root of the depth, biases zero, norms one.
 */
public final class PolicyInitializer {
  private PolicyInitializer() {}

  /**
   * Writes {@code model.safetensors} in fp32; the same seed gives the same bytes.
   *
   * @param deviation standard deviation of the matrices
   */
  public static void write(Path file, ModelConfig config, double deviation, long seed)
      throws IOException {
    List<TensorInfo> tensors =
        PolicyLayout.of(config).weights().stream()
            .flatMap(weight -> weight.parts().stream())
            .map(part -> new TensorInfo(part.name(), ElementType.F32, part.shape()))
            .toList();
    Random random = new Random(seed);
    SafetensorsWriter.write(file, tensors, tensor -> fill(tensor, config, deviation, random));
  }

  private static ByteBuffer fill(
      TensorInfo tensor, ModelConfig config, double deviation, Random random) {
    ByteBuffer bytes =
        ByteBuffer.allocate(Math.toIntExact(tensor.bytes())).order(ByteOrder.LITTLE_ENDIAN);
    boolean residual =
        tensor.name().endsWith("o_proj.weight") || tensor.name().endsWith("down_proj.weight");
    double scale = residual ? deviation * Math.sqrt(2.0 / config.layers()) : deviation;
    while (bytes.hasRemaining()) {
      if (tensor.name().endsWith("norm.weight")) {
        bytes.putFloat(1);
      } else if (tensor.name().endsWith("bias")) {
        bytes.putFloat(0);
      } else {
        bytes.putFloat((float) (scale * random.nextGaussian()));
      }
    }
    return bytes.flip();
  }
}
