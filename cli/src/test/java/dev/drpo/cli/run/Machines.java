package dev.drpo.cli.run;

import dev.drpo.cli.machine.Gpu;
import java.util.List;
import java.util.stream.IntStream;

/** Machines that a run may find itself on. */
public final class Machines {
  private Machines() {}

  /** One with GPUs of so many gigabytes each, all free, and memory and cores as most have. */
  public static Machine with(int gpus, int gigabytes) {
    List<Gpu> all =
        IntStream.range(0, gpus)
            .mapToObj(
                index ->
                    new Gpu(
                        index,
                        "card",
                        gigabytes * 1_000_000_000L,
                        gigabytes * 1_000_000_000L,
                        "570"))
            .toList();
    return new Machine(() -> all, 64_000_000_000L, 8);
  }
}
