package dev.drpo.cli.run;

import dev.drpo.cli.exit.UsageError;

/** Everything that can be found wrong with a run before anything is started or written. */
public final class RunChecks {
  private RunChecks() {}

  /**
   * Checks inputs, disk, devices, memory and pace.
   *
   * @throws UsageError if an input is missing or can't be loaded, or the machine is too small
   */
  public static void check(RunPlan plan, Machine machine) {
    RunInputs.check(plan.config());
    DiskSpace.check(plan);
    GpuRoom.check(plan, machine);
    PaceCheck.check(plan, machine);
    Heaps.of(plan, machine.availableBytes());
  }
}
