package dev.drpo.cli.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Sets the wall clock of single processes by libfaketime, which is loaded into them before all
 * else. The monotonic clock, by which machines measure time, stays as it is: no machine's jumps.
 *
 * @param library {@code libfaketimeMT.so.1}
 */
record FakeClock(Path library) {
  private static final List<String> PLACES =
      List.of(
          "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1",
          "/usr/lib/aarch64-linux-gnu/faketime/libfaketimeMT.so.1",
          "/usr/lib64/faketime/libfaketimeMT.so.1",
          "/usr/lib/faketime/libfaketimeMT.so.1",
          "/usr/local/lib/faketime/libfaketimeMT.so.1");

  /** The one that is installed, if one is: Debian's package is {@code faketime}. */
  static Optional<FakeClock> installed() {
    return PLACES.stream().map(Path::of).filter(Files::isReadable).findFirst().map(FakeClock::new);
  }

  /**
   * The environment of a process whose clock a file sets.
   *
   * @param file made here, with a clock that is right
   */
  Map<String, String> variables(Path file) throws IOException {
    Files.createDirectories(file.getParent());
    set(file, Duration.ZERO);
    return Map.of(
        "LD_PRELOAD",
        library.toString(),
        "FAKETIME_TIMESTAMP_FILE",
        file.toString(),
        "FAKETIME_DONT_FAKE_MONOTONIC",
        "1",
        // What it mends else is a library's defect that is gone; timed waits of a JVM would return
        // at once.
        "FAKETIME_FORCE_MONOTONIC_FIX",
        "0",
        "FAKETIME_CACHE_DURATION",
        "1");
  }

  /** Sets the clock of the processes that the file belongs to; they see it within a second. */
  static void set(Path file, Duration by) throws IOException {
    Path aside = file.resolveSibling(file.getFileName() + ".partial");
    Files.writeString(aside, "%+ds%n".formatted(by.toSeconds()));
    Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
