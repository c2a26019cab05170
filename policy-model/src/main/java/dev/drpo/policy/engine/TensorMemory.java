package dev.drpo.policy.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.pytorch.engine.PtNDArray;
import java.lang.foreign.MemorySegment;

/** The memory of tensors on the CPU, for code that works on it in place. */
public final class TensorMemory {
  private TensorMemory() {}

  /**
   * The memory from a tensor's first element on. It is the caller's to see that the tensor outlives
   * every use, and that as many bytes follow.
   *
   * @param tensor contiguous, on the CPU
   * @param bytes how many bytes; may be more than a buffer can have
   */
  @SuppressWarnings("restricted") // A buffer has an address, but no more than 2 GiB.
  public static MemorySegment from(NDArray tensor, long bytes) {
    MemorySegment first = MemorySegment.ofBuffer(((PtNDArray) tensor).toByteBuffer(true));
    return MemorySegment.ofAddress(first.address()).reinterpret(bytes);
  }
}
