package dev.drpo.planning;

/** Memory of a process that no plan of weights, caches and activations counts. */
public final class Overhead {
  /** On a GPU, in bytes: a process's context and libraries, and what its allocator can't use. */
  public static final long GPU = 2_000_000_000L;

  /**
   * Of the host, beside the Java heap, in bytes, of a process on a GPU: the driver's context, the
   * libraries and the buffers through which tensors are copied. Assumed.
   */
  static final long HOST_OF_GPU = 4_000_000_000L;

  /**
   * Of the host, beside tensors and a large heap, in bytes, of a process on the CPU: code,
   * libraries, threads and what a small heap touches. A rehearsal at the width of Qwen2.5-0.5B took
   * 0.43 to 0.47 GB.
   */
  public static final long HOST_OF_CPU = 500_000_000L;

  /** Share of a container's memory that the images of learner and rollout give to the heap. */
  static final double HEAP_OF_CONTAINER = 0.25;

  private Overhead() {}
}
