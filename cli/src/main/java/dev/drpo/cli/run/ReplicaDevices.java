package dev.drpo.cli.run;

import dev.drpo.cli.exit.UsageError;
import dev.drpo.cli.machine.Gpu;
import dev.drpo.runtime.config.RolloutConfig;
import dev.drpo.runtime.config.RunConfig;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;

/** Gives each rollout replica of this machine a device of its own. */
public final class ReplicaDevices {
  private ReplicaDevices() {}

  /**
   * The devices, in the replicas' order: those of the list, or under {@code cuda} the GPUs that the
   * learner leaves free. Where there is but one GPU, they share it.
   *
   * @param asked number of replicas; without one, as many as {@code rollout.devices} names
   * @throws UsageError if there are fewer GPUs than replicas, or one server for several
   */
  public static List<String> of(RunConfig config, OptionalInt asked, Machine machine) {
    RolloutConfig rollout = config.rollout();
    int count = asked.orElse(rollout.deviceNames().size());
    if (rollout.engineApi()) {
      throw new UsageError(
          "rollout.engine-api is true, which makes a replica the engine of another process that takes"
              + " no tasks; leave it out of a run's configuration");
    }
    if (rollout.usesServer() && count > 1) {
      throw new UsageError(
          "%d rollout replicas would give the server at rollout.engine-address (%s) their weights side by side; start one (--replicas 1), or each beside a server of its own"
              .formatted(count, rollout.engineAddress()));
    }
    if (rollout.onCpu()) {
      return Collections.nCopies(count, "cpu");
    }
    List<String> devices =
        rollout.onAnyGpus()
            ? free(machine.gpus().get(), config)
            : rollout.gpus().stream().map(gpu -> "cuda:" + gpu).toList();
    if (count > devices.size()) {
      throw new UsageError(
          rollout.onAnyGpus()
              ? "%d rollout %s need a GPU each, but training.devices (%s) leaves %d of this machine free (%s); start fewer (--replicas), or name fewer GPUs there; ./drpo plan shares out what a machine has, and ./drpo doctor tells what that is"
                  .formatted(
                      count,
                      count == 1 ? "replica" : "replicas",
                      config.training().devices(),
                      devices.size(),
                      devices.isEmpty() ? "none" : String.join(", ", devices))
              : "%d rollout replicas need a GPU each, but rollout.devices names %d (%s); name more, or start fewer (--replicas)"
                  .formatted(count, devices.size(), rollout.devices()));
    }
    return devices.subList(0, count);
  }

  private static List<String> free(List<Gpu> gpus, RunConfig config) {
    List<Integer> taken = config.training().gpus();
    return gpus.stream()
        .filter(gpu -> gpus.size() == 1 || !taken.contains(gpu.index()))
        .map(Gpu::device)
        .toList();
  }
}
