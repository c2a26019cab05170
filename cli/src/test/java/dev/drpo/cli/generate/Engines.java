package dev.drpo.cli.generate;

import dev.drpo.cli.policy.TinyPolicy;
import dev.drpo.policy.PolicyFolder;
import dev.drpo.policy.PolicyTokenizer;
import java.nio.file.Path;
import java.util.List;

/** Engines over the tiny policy, at temperature 1 with 24 tokens. */
final class Engines {
  private Engines() {}

  static PolicyEngine start(Path folder, PolicyTokenizer tokenizer, int samples, int slots) {
    SamplingPlan plan = new SamplingPlan(samples, 1, 1, 24, 11, List.of(), List.of());
    return PolicyEngine.start(
        new PolicyFolder(folder),
        tokenizer.endOfSequence(),
        plan,
        new PolicyEngine.Size(slots, slots, TinyPolicy.CONTEXT),
        1,
        _ -> {});
  }
}
