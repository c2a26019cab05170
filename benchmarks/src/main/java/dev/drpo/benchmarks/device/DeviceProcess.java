package dev.drpo.benchmarks.device;

import ai.djl.Device;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.drpo.policy.engine.TensorEngine;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Runs one part in a process of its own, so that its memory is its own, and that a device which
 * fails ends nothing else.
 */
final class DeviceProcess {
  /** More threads than that only get into each other's way on the CPU's share of the work. */
  private static final int MOST_THREADS = 8;

  private DeviceProcess() {}

  /**
   * Examines.
   *
   * @param arguments the part, the device, the shape, and the file to write the report to as JSON
   */
  public static void main(String[] arguments) throws IOException {
    Part part = Part.valueOf(arguments[0]);
    Shape shape = Shape.named(arguments[2]);
    TensorEngine.setThreads(Math.min(MOST_THREADS, Runtime.getRuntime().availableProcessors()));
    TensorEngine.prepareThread();
    Device device = TensorEngine.device(arguments[1]);
    PartReport report =
        switch (part) {
          case NUMBERS -> Numbers.of(shape.numbers(), device).examine();
          case DECODING -> new DecodeRates(device, shape.rates()).examine();
          case LEARNING -> new LearningRates(device, shape.rates()).examine();
        };
    new ObjectMapper().writeValue(Path.of(arguments[3]).toFile(), report);
  }
}
