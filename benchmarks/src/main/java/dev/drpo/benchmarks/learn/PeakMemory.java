package dev.drpo.benchmarks.learn;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The most memory that this process ever had resident, heap and native. */
final class PeakMemory {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final String PEAK = "VmHWM:";
  private static final long KIBIBYTE = 1024;

  private PeakMemory() {}

  /**
   * Reads it.
   *
   * @throws IOException if the system does not tell, as only Linux does
   */
  static long bytes() throws IOException {
    try (Stream<String> lines = Files.lines(STATUS)) {
      String line =
          lines
              .filter(l -> l.startsWith(PEAK))
              .findFirst()
              .orElseThrow(() -> new IOException(STATUS + " has no " + PEAK));
      return Long.parseLong(line.replaceAll("\\D", "")) * KIBIBYTE;
    }
  }
}
