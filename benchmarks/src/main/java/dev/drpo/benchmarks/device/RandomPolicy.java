package dev.drpo.benchmarks.device;

import dev.drpo.policy.checkpoint.ModelConfig;
import dev.drpo.policy.checkpoint.PolicyLayout;
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
 * A policy with random weights in which every tensor matters: biases are not zero, gains are not
 * one, attention is far from uniform, and next tokens have a few nats of entropy.
 */
final class RandomPolicy {
  private static final long SEED = 20_250_701;
  private static final double BIAS_DEVIATION = 0.3;
  private static final double GAIN_DEVIATION = 0.2;

  private RandomPolicy() {}

  /** Writes its weights; the same architecture gives the same bytes. */
  static void write(Path file, ModelConfig config) throws IOException {
    List<TensorInfo> tensors =
        PolicyLayout.of(config).parts().stream()
            .map(part -> new TensorInfo(part.name(), ElementType.F32, part.shape()))
            .toList();
    Random random = new Random(SEED);
    SafetensorsWriter.write(file, tensors, tensor -> fill(tensor, config, random));
  }

  private static ByteBuffer fill(TensorInfo tensor, ModelConfig config, Random random) {
    ByteBuffer bytes =
        ByteBuffer.allocate(Math.toIntExact(tensor.bytes())).order(ByteOrder.LITTLE_ENDIAN);
    double mean = tensor.name().endsWith("norm.weight") ? 1 : 0;
    double deviation = deviation(tensor, config);
    while (bytes.hasRemaining()) {
      bytes.putFloat((float) (mean + deviation * random.nextGaussian()));
    }
    return bytes.flip();
  }

  private static double deviation(TensorInfo tensor, ModelConfig config) {
    String name = tensor.name();
    if (tensor.shape().size() == 1) {
      return name.endsWith("bias") ? BIAS_DEVIATION : GAIN_DEVIATION;
    }
    double unit = 1 / Math.sqrt(tensor.shape().getLast());
    boolean residual = name.endsWith("o_proj.weight") || name.endsWith("down_proj.weight");
    // What the layers add grows to about what they started with.
    return residual ? unit / Math.sqrt(config.layers()) : isEnd(name) ? 2 * unit : 1.5 * unit;
  }

  /** An embedding or an output head: of the latter come logits with a deviation of 2. */
  private static boolean isEnd(String name) {
    return name.equals("model.embed_tokens.weight") || name.equals("lm_head.weight");
  }
}
