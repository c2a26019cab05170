package dev.drpo.policy.engine;

/** The tensor library that this program was built with does not load on this machine. */
public final class TensorLibraryException extends RuntimeException {
  TensorLibraryException(Throwable problem) {
    super(
        """
        the tensor library does not load (%s); a build for CUDA needs a GPU's driver, and libcudart \
        of CUDA 12 where the system's loader finds it, and one for the CPU, which \
        DRPO_BUILD=cpu ./drpo makes, needs neither"""
            .formatted(root(problem)),
        problem);
  }

  private static Throwable root(Throwable problem) {
    return problem.getCause() == null ? problem : root(problem.getCause());
  }
}
