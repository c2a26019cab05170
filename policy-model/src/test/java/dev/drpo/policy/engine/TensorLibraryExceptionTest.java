package dev.drpo.policy.engine;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.engine.EngineException;
import org.junit.jupiter.api.Test;

class TensorLibraryExceptionTest {
  @Test
  void itSaysWhatIsMissingAndWhichBuildNeedsIt() {
    UnsatisfiedLinkError missing = new UnsatisfiedLinkError("libcuda.so.1: no such file");

    assertThat(new TensorLibraryException(new EngineException("no library", missing)))
        .hasMessageContainingAll("libcuda.so.1: no such file", "libcudart", "DRPO_BUILD=cpu ./drpo")
        .hasRootCause(missing);
  }
}
