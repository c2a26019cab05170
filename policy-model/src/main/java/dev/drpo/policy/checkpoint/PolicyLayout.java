package dev.drpo.policy.checkpoint;

import dev.drpo.policy.PolicyFormatException;
import dev.drpo.policy.safetensors.ElementType;
import dev.drpo.policy.safetensors.Safetensors;
import dev.drpo.policy.safetensors.TensorInfo;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * How the decoder's fused weights are made of a checkpoint's tensors. The decoder multiplies by
 * queries, keys and values at once, and by gate and up at once; a checkpoint keeps them apart.
 *
 * @param weights the decoder's weights in the order that its script expects
 */
public record PolicyLayout(List<Weight> weights) {

  /** One tensor of a checkpoint. */
  public record Part(String name, List<Long> shape) {
    /** Number of elements. */
    public long elements() {
      return shape.stream().reduce(1L, Math::multiplyExact);
    }
  }

  /** What a decoder does with a weight. */
  public enum Use {
    /** Its rows enter the residual stream. */
    ROWS,
    /** It is a norm's gain. */
    GAIN,
    /** Products are computed with it, or added to it. */
    PRODUCT,
    /** Its rows enter the residual stream, and the output head's products are computed with it. */
    ROWS_AND_PRODUCT;

    /** Whether its elements are read in fp32 whatever products are computed in. */
    public boolean exact() {
      return this != PRODUCT;
    }

    /** Whether its elements are read in the type that products are computed in. */
    public boolean factor() {
      return this == PRODUCT || this == ROWS_AND_PRODUCT;
    }
  }

  /** One weight of the decoder: its parts stacked along the first axis. */
  public record Weight(Use use, List<Part> parts) {
    /** Number of elements. */
    public long elements() {
      return parts.stream().mapToLong(Part::elements).sum();
    }

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
    weights.add(
        weight(
            config.tiedEmbeddings() ? Use.ROWS_AND_PRODUCT : Use.ROWS,
            part("model.embed_tokens.weight", config.vocabularySize(), hidden)));
    weights.add(weight(Use.GAIN, part("model.norm.weight", hidden)));
    if (!config.tiedEmbeddings()) {
      weights.add(weight(Use.PRODUCT, part("lm_head.weight", config.vocabularySize(), hidden)));
    }
    for (int i = 0; i < config.layers(); i++) {
      String layer = "model.layers." + i + ".";
      String attention = layer + "self_attn.";
      weights.add(weight(Use.GAIN, part(layer + "input_layernorm.weight", hidden)));
      weights.add(
          weight(
              Use.PRODUCT,
              part(attention + "q_proj.weight", queries, hidden),
              part(attention + "k_proj.weight", keys, hidden),
              part(attention + "v_proj.weight", keys, hidden)));
      if (config.attentionBias()) {
        weights.add(
            weight(
                Use.PRODUCT,
                part(attention + "q_proj.bias", queries),
                part(attention + "k_proj.bias", keys),
                part(attention + "v_proj.bias", keys)));
      }
      weights.add(weight(Use.PRODUCT, part(attention + "o_proj.weight", hidden, queries)));
      weights.add(weight(Use.GAIN, part(layer + "post_attention_layernorm.weight", hidden)));
      weights.add(
          weight(
              Use.PRODUCT,
              part(layer + "mlp.gate_proj.weight", inner, hidden),
              part(layer + "mlp.up_proj.weight", inner, hidden)));
      weights.add(weight(Use.PRODUCT, part(layer + "mlp.down_proj.weight", hidden, inner)));
    }
    return new PolicyLayout(weights);
  }

  /** Number of the policy's parameters. */
  public long parameters() {
    return parts().stream().mapToLong(Part::elements).sum();
  }

  /** Bytes that the policy takes in an element type. */
  public long bytes(ElementType type) {
    return Math.multiplyExact(parameters(), type.bytes());
  }

  /**
   * Checks that files hold the tensors of this layout in the right shapes, and no others. A tied
   * output head and tables of rotary frequencies, which some tools write, may be there and are not
   * used.
   *
   * @throws PolicyFormatException if a tensor is missing, unknown or of another shape
   */
  public void requireFits(Safetensors files) {
    requireFits(files, "");
    Set<String> known = new HashSet<>();
    parts().forEach(part -> known.add(part.name()));
    for (TensorInfo tensor : files.tensors()) {
      boolean redundant =
          tensor.name().equals("lm_head.weight") || tensor.name().endsWith(".rotary_emb.inv_freq");
      if (!redundant && !known.contains(tensor.name())) {
        throw new PolicyFormatException(
            files.file(tensor.name())
                + " holds tensor "
                + tensor.name()
                + ", which config.json does not ask for; use the config.json and the weights of one"
                + " checkpoint");
      }
    }
  }

  /**
   * Checks that files hold the tensors of this layout, in the right shapes, under a prefix.
   *
   * @param prefix what stands before each tensor's name, such as the name of an optimizer's moment
   * @throws PolicyFormatException if a tensor is missing or of another shape
   */
  public void requireFits(Safetensors files, String prefix) {
    for (Part part : parts()) {
      TensorInfo found = files.info(prefix + part.name());
      if (!found.shape().equals(part.shape())) {
        throw new PolicyFormatException(
            files.file(found.name())
                + ": tensor "
                + found.name()
                + " has shape "
                + found.shapeText()
                + ", but config.json asks for "
                + new TensorInfo(found.name(), found.type(), part.shape()).shapeText()
                + "; use the config.json and the weights of one checkpoint");
      }
    }
  }

  /** All tensors of the checkpoint. */
  public List<Part> parts() {
    return weights.stream().flatMap(weight -> weight.parts().stream()).toList();
  }

  private static Weight weight(Use use, Part... parts) {
    return new Weight(use, List.of(parts));
  }

  private static Part part(String name, long... shape) {
    return new Part(name, Arrays.stream(shape).boxed().toList());
  }
}
