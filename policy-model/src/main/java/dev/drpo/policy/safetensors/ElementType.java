package dev.drpo.policy.safetensors;

import java.util.Arrays;
import java.util.Optional;

/** Element types of safetensors files that policies use. */
public enum ElementType {
  F32("F32", "float32", 4, 6),
  F16("F16", "float16", 2, 5),
  BF16("BF16", "bfloat16", 2, 15);

  private final String code;
  private final String configName;
  private final int bytes;
  private final int torchCode;

  ElementType(String code, String configName, int bytes, int torchCode) {
    this.code = code;
    this.configName = configName;
    this.bytes = bytes;
    this.torchCode = torchCode;
  }

  /** Name in a safetensors header. */
  public String code() {
    return code;
  }

  /** Name in a {@code config.json}. */
  public String configName() {
    return configName;
  }

  /** Size of one element. */
  public int bytes() {
    return bytes;
  }

  /** Number of the type in TorchScript. */
  public int torchCode() {
    return torchCode;
  }

  /**
   * The type of a name in a {@code config.json}.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static ElementType named(String configName) {
    return Arrays.stream(values())
        .filter(type -> type.configName.equals(configName))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    configName
                        + " is none of "
                        + Arrays.stream(values()).map(ElementType::configName).toList()));
  }

  static Optional<ElementType> of(String code) {
    return Arrays.stream(values()).filter(type -> type.code.equals(code)).findFirst();
  }
}
