package dev.drpo.cli.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Room on disk where runs go and where the tensor library is unpacked. */
final class Disks {
  private static final long SMALLEST_RUN_BYTES = 1_000_000_000L;
  private static final long CPU_LIBRARY_BYTES = 500_000_000L;
  private static final long CUDA_LIBRARY_BYTES = 5_000_000_000L;

  private Disks() {}

  /**
   * @param runs where run folders go
   * @param libraries where the tensor library is unpacked
   */
  static List<Finding> find(Path runs, Path libraries, boolean cuda) {
    return List.of(runs(runs), libraries(libraries, cuda ? CUDA_LIBRARY_BYTES : CPU_LIBRARY_BYTES));
  }

  static Finding runs(Path folder) {
    long free = free(folder);
    String found = "%s free for %s".formatted(Memory.gigabytes(free), folder);
    return free >= SMALLEST_RUN_BYTES
        ? Finding.ok("disk of runs", found)
        : Finding.failed(
            "disk of runs",
            found,
            "the smallest run takes 1 GB; free some, or name a folder on another disk with --out");
  }

  static Finding libraries(Path folder, long needed) {
    String subject = "disk of libraries";
    if (isUnpacked(folder)) {
      return Finding.ok(subject, "unpacked in " + folder);
    }
    long free = free(folder);
    String found = "%s free for %s".formatted(Memory.gigabytes(free), folder);
    return free >= needed
        ? Finding.ok(subject, found)
        : Finding.failed(
            subject,
            found,
            "the tensor library takes %s unpacked; free some, or name a folder on another disk with DJL_CACHE_DIR"
                .formatted(Memory.gigabytes(needed)));
  }

  private static boolean isUnpacked(Path folder) {
    if (!Files.isDirectory(folder)) {
      return false;
    }
    try (var inside = Files.list(folder)) {
      return inside.anyMatch(build -> Files.exists(build.resolve("libtorch.so")));
    } catch (IOException e) {
      return false;
    }
  }

  /** Free bytes of the disk that a folder is on, or would be. */
  private static long free(Path folder) {
    Path existing = folder.toAbsolutePath();
    while (!Files.exists(existing)) {
      existing = existing.getParent();
    }
    try {
      return Files.getFileStore(existing).getUsableSpace();
    } catch (IOException e) {
      return 0;
    }
  }
}
