package dev.drpo.policy.engine;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Physical memory that this process may still take. */
public final class MachineMemory {
  private static final Path MEMORY_INFO = Path.of("/proc/meminfo");
  private static final String AVAILABLE = "MemAvailable:";

  private MachineMemory() {}

  /**
   * Bytes without swapping or evicting others: what the kernel calls available, or the container's
   * limit where that is less.
   */
  public static long available() {
    OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    return Math.min(kernelEstimate(system.getFreeMemorySize()), system.getTotalMemorySize());
  }

  /** Free memory leaves out the page cache, which gives way; the kernel's estimate counts it. */
  private static long kernelEstimate(long otherwise) {
    try {
      List<String> lines = Files.readAllLines(MEMORY_INFO);
      return lines.stream()
          .filter(line -> line.startsWith(AVAILABLE))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
          .findFirst()
          .orElse(otherwise);
    } catch (IOException e) {
      return otherwise;
    }
  }
}
