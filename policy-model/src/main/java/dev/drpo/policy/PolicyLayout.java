package dev.drpo.policy;

import dev.drpo.policy.safetensors.ElementType;
import dev.drpo.policy.safetensors.SafetensorsFile;
import dev.drpo.policy.safetensors.TensorInfo;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How the decoder's fused weights are made of a checkpoint's tensors. The decoder multiplies by
 * queries, keys and values at once, and by gate and up at once; a checkpoint keeps them apart.
 *
 * @param weights the decoder's weights in the order that its script expects
 */
public record PolicyLayout(List<Weight> weights) {

  /** One tensor of a checkpoint. */
  public record Part(String name, List<Long> shape) {}

  /** One weight of the decoder: its parts stacked along the first axis. */
  public record Weight(List<Part> parts) {
    /** Sizes of the stacked tensor. */
    public long[] shape() {
      long[] shape = parts.getFirst().shape().stream().mapToLong(Long::longValue).toArray();
      shape[0] = parts.stream().mapToLong(part -> part.shape().getFirst()).sum();
      return shape;
    }
  }

  /** The layout of an architecture. */
  public static PolicyLayout of(ModelConfig config) {
    long hidden = config.hiddenSize();
    long queries = (long) config.heads() * config.headSize();
    long keys = (long) config.keyValueHeads() * config.headSize();
    long inner = config.intermediateSize();
    List<Weight> weights = new ArrayList<>();
    weights.add(weight(part("model.embed_tokens.weight", config.vocabularySize(), hidden)));
    weights.add(weight(part("model.norm.weight", hidden)));
    if (!config.tiedEmbeddings()) {
      weights.add(weight(part("lm_head.weight", config.vocabularySize(), hidden)));
    }
    for (int i = 0; i < config.layers(); i++) {
      String layer = "model.layers." + i + ".";
      String attention = layer + "self_attn.";
      weights.add(weight(part(layer + "input_layernorm.weight", hidden)));
      weights.add(
          weight(
              part(attention + "q_proj.weight", queries, hidden),
              part(attention + "k_proj.weight", keys, hidden),
              part(attention + "v_proj.weight", keys, hidden)));
      weights.add(
          weight(
              part(attention + "q_proj.bias", queries),
              part(attention + "k_proj.bias", keys),
              part(attention + "v_proj.bias", keys)));
      weights.add(weight(part(attention + "o_proj.weight", hidden, queries)));
      weights.add(weight(part(layer + "post_attention_layernorm.weight", hidden)));
      weights.add(
          weight(
              part(layer + "mlp.gate_proj.weight", inner, hidden),
              part(layer + "mlp.up_proj.weight", inner, hidden)));
      weights.add(weight(part(layer + "mlp.down_proj.weight", hidden, inner)));
    }
    return new PolicyLayout(weights);
  }

  /** Number of the policy's parameters. */
  public long parameters() {
    return weights.stream()
        .flatMap(weight -> weight.parts().stream())
        .mapToLong(part -> part.shape().stream().reduce(1L, Math::multiplyExact))
        .sum();
  }

  /**
   * Checks that a file has every tensor of this layout, in the right shape, and one element type in
   * each fused weight.
   *
   * @param prefix what stands before each tensor's name, such as the name of an optimizer's moment
   * @throws PolicyFormatException if a tensor is missing, has another shape or another element type
   */
  public void requireFits(SafetensorsFile file, String prefix) {
    for (Weight weight : weights) {
      ElementType type = file.info(prefix + weight.parts().getFirst().name()).type();
      for (Part part : weight.parts()) {
        TensorInfo found = file.info(prefix + part.name());
        TensorInfo expected = new TensorInfo(found.name(), type, part.shape());
        if (!found.shape().equals(part.shape())) {
          throw new PolicyFormatException(
              file.path()
                  + ": tensor "
                  + found.name()
                  + " has shape "
                  + found.shapeText()
                  + ", but config.json asks for "
                  + expected.shapeText()
                  + "; use the config.json and model.safetensors of one checkpoint");
        }
        if (found.type() != type) {
          throw new PolicyFormatException(
              file.path()
                  + ": tensor "
                  + found.name()
                  + " is "
                  + found.type()
                  + " but its fused neighbours are "
                  + type
                  + "; convert the checkpoint to one dtype");
        }
      }
    }
  }

  private static Weight weight(Part... parts) {
    return new Weight(List.of(parts));
  }

  private static Part part(String name, long... shape) {
    return new Part(name, Arrays.stream(shape).boxed().toList());
  }
}
