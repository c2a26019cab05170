package dev.drpo.cli.eval;

import dev.drpo.cli.exit.UsageError;
import java.util.Arrays;
import java.util.stream.Collectors;

/** How the DRPO paper (arXiv 2510.04474, section 5) samples for its figures. */
enum Preset {
  EVAL_8K("eval-8k", 8192),
  EVAL_32K("eval-32k", 32768);

  private static final SamplerSettings SAMPLER = new SamplerSettings(16, 0.6, 0.95, 8192, 0);

  private final String id;
  private final int maxTokens;

  Preset(String id, int maxTokens) {
    this.id = id;
    this.maxTokens = maxTokens;
  }

  /**
   * Looks one up.
   *
   * @throws UsageError if there is none of that name
   */
  static Preset named(String id) {
    return Arrays.stream(values())
        .filter(preset -> preset.id.equals(id))
        .findFirst()
        .orElseThrow(
            () ->
                new UsageError(
                    "--preset is %s, which is unknown; the presets are %s"
                        .formatted(
                            id,
                            Arrays.stream(values())
                                .map(preset -> preset.id)
                                .collect(Collectors.joining(", ")))));
  }

  SamplerSettings sampler() {
    return SAMPLER.withMaxTokens(maxTokens);
  }
}
