package dev.drpo.cli.run;

import dev.drpo.cli.exit.UsageError;
import dev.drpo.planning.CpuPace;
import dev.drpo.planning.PlanText;
import dev.drpo.policy.checkpoint.PolicyFolder;
import dev.drpo.runtime.config.RunConfig;
import java.time.Duration;

/** Refuses a run whose steps would take a CPU longer than anybody waits. */
final class PaceCheck {
  private static final Duration MOST_OF_STEP = Duration.ofHours(6);

  private PaceCheck() {}

  static void check(RunPlan plan, Machine machine) {
    RunConfig config = plan.config();
    if (!config.training().onCpu() && !config.rollout().onCpu()) {
      return;
    }
    double seconds =
        CpuPace.seconds(
            config, new PolicyFolder(config.policy().path()).config(), machine.processors());
    if (seconds > MOST_OF_STEP.toSeconds()) {
      throw new UsageError(
          "a step of this run would keep this machine's CPU (%d cores) busy for %s by its model of time (%d prompts of %d responses of up to %d tokens, half of that on average), and %d hours is the most here; use GPUs (training.devices, rollout.devices: ./drpo plan --gpus 8x80GB shares them out), a smaller policy (policy.path), or lower training.prompts-per-step, sampling.group-size or sampling.max-response-tokens"
              .formatted(
                  machine.processors(),
                  PlanText.seconds(seconds),
                  config.training().promptsPerStep(),
                  config.sampling().groupSize(),
                  config.sampling().maxResponseTokens(),
                  MOST_OF_STEP.toHours()));
    }
  }
}
