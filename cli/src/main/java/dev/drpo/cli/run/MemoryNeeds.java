package dev.drpo.cli.run;

import dev.drpo.cli.exit.UsageError;
import dev.drpo.generation.EngineLimits;
import dev.drpo.generation.EngineSettings.Compute;
import dev.drpo.generation.MemoryPlan;
import dev.drpo.policy.checkpoint.ModelConfig;
import dev.drpo.policy.checkpoint.PolicyFolder;
import dev.drpo.policy.engine.MachineMemory;
import dev.drpo.runtime.config.RolloutConfig;
import dev.drpo.runtime.config.RunConfig;
import java.util.Locale;

/**
 * Refuses a policy that this machine can't hold, before anything is started. What lies on a GPU is
 * left to the service that uses it: a process of its own may see another one.
 *
 * @param learner least bytes of the learner: what it keeps for as long as it runs
 * @param rollouts bytes of all replicas
 */
record MemoryNeeds(long learner, long rollouts) {
  /** fp32 weights, their gradient and AdamW's two moments. */
  private static final int LEARNER_BYTES_PER_PARAMETER = 4 * Float.BYTES;

  private static final double GIBIBYTE = 1 << 30;

  static void check(RunPlan plan) {
    of(plan).requireFits(plan, MachineMemory.available());
  }

  static MemoryNeeds of(RunPlan plan) {
    RunConfig config = plan.config();
    return new MemoryNeeds(
        config.training().onCpu()
            ? PolicyWeights.parameters(config.policy().path()) * LEARNER_BYTES_PER_PARAMETER
            : 0,
        config.rollout().onCpu() ? plan.rollouts() * replica(config) : 0);
  }

  private static long replica(RunConfig config) {
    ModelConfig model = new PolicyFolder(config.policy().path()).config();
    RolloutConfig rollout = config.rollout();
    return MemoryPlan.of(
            model,
            EngineLimits.of(
                rollout.slots(),
                config.sampling().maxPromptTokens(),
                config.sampling().maxResponseTokens(),
                model),
            Compute.of(
                rollout.device(),
                rollout.compute().configName(),
                rollout.engines(),
                rollout.threads(),
                rollout.slots()),
            true)
        .total();
  }

  void requireFits(RunPlan plan, long available) {
    if (learner + rollouts > available) {
      throw new UsageError(
          String.format(
              Locale.ROOT,
              "the policy %s does not fit into this machine's memory: the learner needs at least"
                  + " %.1f GiB for weights, gradient and moments, %d rollout %s %.1f GiB for weights"
                  + " and caches, and %.1f GiB are available; take a smaller policy, lower"
                  + " rollout.slots or sampling.max-response-tokens, start fewer replicas, or use a"
                  + " GPU (training.devices, rollout.device)",
              plan.config().policy().path(),
              learner / GIBIBYTE,
              plan.rollouts(),
              plan.rollouts() == 1 ? "replica" : "replicas",
              rollouts / GIBIBYTE,
              available / GIBIBYTE));
    }
  }
}
