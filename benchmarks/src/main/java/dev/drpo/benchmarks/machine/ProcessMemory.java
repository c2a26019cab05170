package dev.drpo.benchmarks.machine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Memory of a process that is resident, heap and native, as Linux counts it.
 *
 * @param status the process's file in {@code /proc}
 */
public record ProcessMemory(Path status) {
  private static final String PEAK = "VmHWM:";
  private static final String RESIDENT = "VmRSS:";
  private static final String ANONYMOUS = "RssAnon:";
  private static final long KIBIBYTE = 1024;

  public static ProcessMemory ofThisProcess() {
    return new ProcessMemory(Path.of("/proc/self/status"));
  }

  public static ProcessMemory of(long processId) {
    return new ProcessMemory(Path.of("/proc", Long.toString(processId), "status"));
  }

  /**
   * The most bytes that were ever resident.
   *
   * @throws UncheckedIOException if the process is gone, or the system does not tell
   */
  public long peak() {
    return bytes(PEAK);
  }

  /**
   * The bytes that are resident now.
   *
   * @throws UncheckedIOException if the process is gone, or the system does not tell
   */
  public long resident() {
    return bytes(RESIDENT);
  }

  /**
   * The bytes that are resident now and lie in no file, so that the system can't take them back.
   *
   * @throws UncheckedIOException if the process is gone, or the system does not tell
   */
  public long anonymous() {
    return bytes(ANONYMOUS);
  }

  private long bytes(String field) {
    try {
      return Files.readAllLines(status).stream()
          .filter(line -> line.startsWith(field))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * KIBIBYTE)
          .findFirst()
          .orElseThrow(() -> new IOException(status + " has no " + field));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
