package dev.drpo.cli.run;

import dev.drpo.cli.exit.UsageError;
import dev.drpo.runtime.process.HeapNeeds;
import java.util.Locale;

/**
 * Java heaps of a run's processes, in bytes: what they need at most, as far as this machine has it.
 *
 * <p>How much of its heap a learner needs follows from how long responses become. Where the most
 * does not fit beside the native memory, the learner gets what there is, down to what it needs
 * however short they are.
 *
 * @param learner of the learner
 * @param rollout of each replica
 */
record Heaps(long learner, long rollout) {
  private static final double GIBIBYTE = 1 << 30;

  /**
   * The heaps of a run.
   *
   * @param available bytes of this machine's memory
   * @throws UsageError if weights, caches and the least heaps do not fit into it
   */
  static Heaps of(RunPlan plan, long available) {
    MemoryNeeds needs = MemoryNeeds.of(plan);
    needs.requireFits(plan, available);
    long rollout = HeapNeeds.rollout(plan.config()).limit();
    long most = HeapNeeds.learner(plan.config()).limit();
    long least = Math.min(most, HeapNeeds.leastOfLearner(plan.config()).limit());
    long left = available - needs.learner() - needs.rollouts() - plan.rollouts() * rollout;
    if (left < least) {
      throw new UsageError(
          String.format(
              Locale.ROOT,
              "the run does not fit into this machine's memory: learner and replicas need %.1f GiB"
                  + " for weights and caches, the Java heaps of %d rollout %s %.1f GiB and the"
                  + " learner's at least %.1f GiB, and %.1f GiB are available; start fewer replicas,"
                  + " or lower rollout.slots, sampling.max-response-tokens or"
                  + " training.prompts-per-step",
              (needs.learner() + needs.rollouts()) / GIBIBYTE,
              plan.rollouts(),
              plan.rollouts() == 1 ? "replica" : "replicas",
              plan.rollouts() * rollout / GIBIBYTE,
              least / GIBIBYTE,
              available / GIBIBYTE));
    }
    return new Heaps(Math.min(most, left), rollout);
  }
}
