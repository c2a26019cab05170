package dev.drpo.cli.run;

import dev.drpo.cli.exit.UsageError;
import dev.drpo.planning.LearnerMemory;
import dev.drpo.planning.RolloutMemory;
import dev.drpo.policy.checkpoint.ModelConfig;
import dev.drpo.policy.checkpoint.PolicyFolder;
import dev.drpo.runtime.config.RunConfig;
import java.util.Locale;

/**
 * What a run takes of this machine's memory beside the Java heaps. What lies on GPUs is {@link
 * GpuRoom}'s.
 *
 * @param learner least bytes of the learner: what it keeps for as long as it runs
 * @param rollouts bytes of all replicas
 */
record MemoryNeeds(long learner, long rollouts) {
  private static final double GIBIBYTE = 1 << 30;

  static MemoryNeeds of(RunPlan plan) {
    RunConfig config = plan.config();
    if (!config.training().onCpu() && !config.rollout().onCpu()) {
      return new MemoryNeeds(0, 0);
    }
    ModelConfig model = new PolicyFolder(config.policy().path()).config();
    return new MemoryNeeds(
        config.training().onCpu()
            ? LearnerMemory.of(config, model).standing() * config.training().deviceNames().size()
            : 0,
        config.rollout().onCpu() ? plan.rollouts() * RolloutMemory.ofDevice(config, model) : 0);
  }

  /**
   * Refuses a policy that this machine can't hold.
   *
   * @throws UsageError if it can't
   */
  void requireFits(RunPlan plan, long available) {
    if (learner + rollouts > available) {
      throw new UsageError(
          String.format(
              Locale.ROOT,
              "the policy %s does not fit into this machine's memory: the learner needs at least"
                  + " %.1f GiB for weights, gradient and moments, %d rollout %s %.1f GiB for weights"
                  + " and caches, and %.1f GiB are available; take a smaller policy, lower"
                  + " rollout.slots, sampling.max-response-tokens or rollout.kv-cache-tokens, start"
                  + " fewer replicas, or use a GPU (training.devices, rollout.devices)",
              plan.config().policy().path(),
              learner / GIBIBYTE,
              plan.rollouts(),
              plan.rollouts() == 1 ? "replica" : "replicas",
              rollouts / GIBIBYTE,
              available / GIBIBYTE));
    }
  }
}
