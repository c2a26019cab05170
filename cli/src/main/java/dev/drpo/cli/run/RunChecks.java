package dev.drpo.cli.run;

import dev.drpo.cli.exit.UsageError;
import java.util.List;

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
    DiskSpace.of(plan).requireRoom(plan.folder());
    GpuRoom.check(plan, machine);
    PaceCheck.check(plan, machine);
    Heaps.of(plan, machine.availableBytes());
  }

  /** What a person should know of a run that passes the checks. */
  public static List<String> warnings(RunPlan plan) {
    return DiskSpace.of(plan).warning(plan.folder()).stream().toList();
  }
}
