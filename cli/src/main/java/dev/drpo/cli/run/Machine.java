package dev.drpo.cli.run;

import dev.drpo.cli.machine.Gpu;
import dev.drpo.cli.machine.Gpus;
import dev.drpo.policy.engine.MachineMemory;
import java.util.List;
import java.util.function.Supplier;

/**
 * What a run may use.
 *
 * @param gpus asked for by runs that name one alone
 * @param availableBytes of the host's memory
 * @param processors of the CPU
 */
public record Machine(Supplier<List<Gpu>> gpus, long availableBytes, int processors) {
  /** This one, as it is now. */
  public static Machine here() {
    return new Machine(
        new Gpus()::list, MachineMemory.available(), Runtime.getRuntime().availableProcessors());
  }
}
