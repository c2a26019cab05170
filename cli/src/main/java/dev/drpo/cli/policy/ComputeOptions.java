package dev.drpo.cli.policy;

import ai.djl.Device;
import dev.drpo.cli.exit.UsageError;
import dev.drpo.policy.engine.TensorEngine;
import dev.drpo.policy.safetensors.ElementType;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Option;

/** Where a command computes, and in what element type. */
public final class ComputeOptions {
  private static final List<ElementType> TYPES = List.of(ElementType.F32, ElementType.BF16);

  @Option(
      names = "--dtype",
      paramLabel = "TYPE",
      defaultValue = "float32",
      description = "What to compute in: float32 or bfloat16 (default: ${DEFAULT-VALUE}).")
  private String type;

  @Option(
      names = "--device",
      paramLabel = "NAME",
      defaultValue = "cpu",
      description = "Where to compute: cpu, cuda or cuda:N (default: ${DEFAULT-VALUE}).")
  private String device;

  /**
   * What to compute in.
   *
   * @throws UsageError if there is no such type
   */
  public ElementType type() {
    return TYPES.stream()
        .filter(known -> known.configName().equals(type))
        .findFirst()
        .orElseThrow(
            () ->
                new UsageError(
                    "--dtype is %s; it must be %s"
                        .formatted(
                            type,
                            TYPES.stream()
                                .map(ElementType::configName)
                                .collect(Collectors.joining(" or ")))));
  }

  /**
   * Where to compute. Starts the tensor engine, if it is not the CPU.
   *
   * @throws UsageError if there is no such device
   */
  public Device device() {
    return named(device);
  }

  /**
   * Where to compute, if it may be several devices, separated by commas.
   *
   * @throws UsageError if there is no such device, or one is named twice
   */
  public List<Device> devices() {
    List<String> names = List.of(device.split(",", -1));
    if (new HashSet<>(names).size() < names.size()) {
      throw new UsageError("--device is " + device + "; name each device once");
    }
    return names.stream().map(ComputeOptions::named).toList();
  }

  private static Device named(String name) {
    try {
      return TensorEngine.device(name);
    } catch (IllegalArgumentException e) {
      throw new UsageError("--device is " + name + "; " + e.getMessage());
    }
  }
}
