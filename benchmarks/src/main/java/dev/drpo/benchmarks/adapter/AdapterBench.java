package dev.drpo.benchmarks.adapter;

import com.sun.management.OperatingSystemMXBean;
import dev.drpo.engines.Deadlines;
import dev.drpo.engines.ExternalEngine;
import dev.drpo.engines.ExternalEngineSettings;
import dev.drpo.generation.EngineLimits;
import dev.drpo.generation.FinishThenSwap;
import dev.drpo.generation.GroupRequest;
import dev.drpo.generation.GroupSampling;
import dev.drpo.generation.ResponseListener;
import dev.drpo.generation.Sampling;
import dev.drpo.policy.checkpoint.PolicyDigest;
import dev.drpo.policy.checkpoint.PolicyFolder;
import dev.drpo.policy.checkpoint.PolicyVersion;
import dev.drpo.policy.safetensors.ElementType;
import dev.drpo.policy.safetensors.Safetensors;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * Asks a server that answers at once for responses, as a rollout replica does.
 *
 * @param policy whose prompts they answer
 * @param folder where the server's weights are written
 * @param promptTokens of each prompt
 * @param tokens of each response
 * @param group responses to each prompt
 * @param slots requests at once
 */
public record AdapterBench(
    PolicyFolder policy, Path folder, int promptTokens, int tokens, int group, int slots) {
  private static final int END = -1;

  /**
   * Asks for so many groups twice, the first time for warming up.
   *
   * @throws IOException if the server can't be started
   */
  public AdapterFigures run(int groups) throws IOException {
    try (EngineStub stub = new EngineStub(policy, tokens);
        ExternalEngine engine = ExternalEngine.start(settings(stub.address()))) {
      sample(engine, groups);
      OperatingSystemMXBean system =
          ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
      long cpu = system.getProcessCpuTime();
      long begin = System.nanoTime();
      sample(engine, groups);
      double seconds = (System.nanoTime() - begin) / 1e9;
      long responses = (long) groups * group;
      return new AdapterFigures(
          responses, responses * tokens, seconds, (system.getProcessCpuTime() - cpu) / 1e9);
    }
  }

  private void sample(ExternalEngine engine, int groups) {
    List<GroupSampling> sampling = new ArrayList<>();
    for (int i = 0; i < groups; i++) {
      int[] prompt = new int[promptTokens];
      Arrays.fill(prompt, 1);
      sampling.add(
          engine.submit(
              new GroupRequest(prompt, new Sampling(1, 1, group, tokens, 7), i, 0),
              ResponseListener.NONE));
    }
    CompletableFuture.allOf(sampling.toArray(CompletableFuture[]::new)).join();
  }

  private ExternalEngineSettings settings(String address) {
    return new ExternalEngineSettings(
        ExternalEngineSettings.Server.VLLM,
        address,
        policy,
        version(),
        folder,
        ElementType.BF16,
        // No token ends a response, so that all have the same length.
        Set.of(END),
        new EngineLimits(
            slots,
            Math.max(promptTokens, tokens),
            tokens,
            promptTokens + tokens,
            policy.config().vocabularySize()),
        new FinishThenSwap(),
        Deadlines.USUAL);
  }

  private PolicyVersion version() {
    try (Safetensors weights = policy.openWeights()) {
      return new PolicyVersion(0, PolicyDigest.of(weights));
    }
  }
}
