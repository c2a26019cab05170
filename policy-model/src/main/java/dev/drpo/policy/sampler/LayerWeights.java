package dev.drpo.policy.sampler;

import dev.drpo.policy.checkpoint.ModelConfig;
import dev.drpo.policy.checkpoint.PolicyLayout;

/** Where a layer's weights stand among a decoder's, in the order of {@link PolicyLayout}. */
record LayerWeights(
    int inputNorm, int projection, int output, int postAttentionNorm, int gateUp, int down) {
  /** The place of the last norm's weight. */
  static final int FINAL_NORM = 1;

  static LayerWeights of(ModelConfig config, int layer) {
    int projected = config.attentionBias() ? 2 : 1;
    int first = config.tiedEmbeddings() ? FINAL_NORM + 1 : FINAL_NORM + 2;
    int norm = first + layer * (projected + 5);
    int output = norm + 1 + projected;
    return new LayerWeights(norm, norm + 1, output, output + 1, output + 2, output + 3);
  }
}
