package dev.drpo.benchmarks.device;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.drpo.runtime.process.JavaCommand;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Examines a device part by part, each in a process of its own.
 *
 * @param device cpu, cuda or cuda:N
 * @param patience after which a part is ended and counts as failed
 */
public record DeviceExamination(String device, Shape shape, Duration patience) {
  private static final int HEAP_MEBIBYTES = 1024;
  private static final int QUOTED_LINES = 3;

  /**
   * Runs all parts, whatever becomes of one.
   *
   * @param progress is told what is being done
   */
  public DeviceReport run(Consumer<String> progress) throws IOException, InterruptedException {
    long began = System.nanoTime();
    List<PartReport> reports = new ArrayList<>();
    for (Part part : Part.values()) {
      progress.accept("examining %s: %s".formatted(device, part.title()));
      reports.add(examine(part));
    }
    return new DeviceReport(
        device, shape.label(), (System.nanoTime() - began) / 1e9, List.copyOf(reports));
  }

  private PartReport examine(Part part) throws IOException, InterruptedException {
    Path file = Files.createTempFile("drpo-doctor", ".json");
    Path log = Files.createTempFile("drpo-doctor", ".log");
    Process process =
        new ProcessBuilder(new JavaCommand(HEAP_MEBIBYTES, program(part, file)).words())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
        return PartReport.failed(
            part, "it was not done after %d s and was ended".formatted(patience.toSeconds()));
      }
      if (process.exitValue() != 0) {
        return PartReport.failed(
            part,
            "its process ended with exit code %d: %s".formatted(process.exitValue(), reason(log)));
      }
      return new ObjectMapper().readValue(file.toFile(), PartReport.class);
    } finally {
      process.destroyForcibly().waitFor();
      Files.delete(file);
      Files.delete(log);
    }
  }

  private List<String> program(Part part, Path file) {
    return List.of(
        "-cp",
        System.getProperty("java.class.path"),
        DeviceProcess.class.getName(),
        part.name(),
        device,
        shape.label(),
        file.toString());
  }

  /** The messages of the exceptions that it told, or else its last lines. */
  private static String reason(Path log) throws IOException {
    // What a library wrote may be in any encoding.
    List<String> lines =
        new String(Files.readAllBytes(log), StandardCharsets.UTF_8)
            .lines()
            .filter(line -> !line.isBlank())
            .toList();
    List<String> exceptions =
        lines.stream()
            .filter(line -> line.startsWith("Exception in") || line.startsWith("Caused by:"))
            .toList();
    List<String> found = exceptions.isEmpty() ? lines : exceptions;
    return String.join("; ", found.subList(Math.max(0, found.size() - QUOTED_LINES), found.size()));
  }
}
