package dev.drpo.policy.safetensors;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A tensor's entry in a safetensors header.
 *
 * @param name Hugging Face name
 * @param type element type
 * @param shape sizes, outermost first
 */
public record TensorInfo(String name, ElementType type, List<Long> shape) {
  public TensorInfo {
    shape = List.copyOf(shape);
  }

  /** Makes an entry from a shape array. */
  public static TensorInfo of(String name, ElementType type, long... shape) {
    return new TensorInfo(name, type, Arrays.stream(shape).boxed().toList());
  }

  /** Number of elements. */
  public long elements() {
    return shape.stream().reduce(1L, Math::multiplyExact);
  }

  /** Size of the data in bytes. */
  public long bytes() {
    return Math.multiplyExact(elements(), type.bytes());
  }

  /** The shape as people write it, such as {@code [46, 160]}. */
  public String shapeText() {
    return shape.stream().map(String::valueOf).collect(Collectors.joining(", ", "[", "]"));
  }
}
