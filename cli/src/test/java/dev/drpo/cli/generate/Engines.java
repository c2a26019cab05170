package dev.drpo.cli.generate;

import ai.djl.Device;
import dev.drpo.policy.checkpoint.PolicyFolder;
import dev.drpo.policy.safetensors.ElementType;
import dev.drpo.policy.sampler.SamplingLaw;
import dev.drpo.policy.text.PolicyTokenizer;
import dev.drpo.testkit.TinyPolicy;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** Engines over the tiny policy, with 24 tokens, and at temperature 1 unless said otherwise. */
final class Engines {
  private Engines() {}

  static PolicyEngine start(Path folder, PolicyTokenizer tokenizer, int samples, int slots) {
    return start(folder, tokenizer, samples, slots, SamplingLaw.at(1), Set.of());
  }

  static PolicyEngine start(
      Path folder,
      PolicyTokenizer tokenizer,
      int samples,
      int slots,
      SamplingLaw law,
      Set<Integer> stopTokens) {
    SamplingPlan plan = new SamplingPlan(samples, law, stopTokens, 24, 11, List.of(), List.of());
    return PolicyEngine.start(
        new PolicyFolder(folder),
        tokenizer.endOfSequence(),
        plan,
        new PolicyEngine.Size(
            slots, slots, TinyPolicy.Preset.NARROW.config().contextLength() - 1, 24),
        new PolicyEngine.Place(Device.cpu(), ElementType.F32, 2),
        _ -> {});
  }
}
