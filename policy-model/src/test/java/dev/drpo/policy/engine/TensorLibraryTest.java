package dev.drpo.policy.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TensorLibraryTest {
  @Test
  void whatComesWithTheProgramIsWhatLoads() {
    TensorLibrary found = TensorLibrary.find(Map.of()).orElseThrow();

    assertThat(found.flavor()).matches("cpu|cu\\d+");
    assertThat(found.source()).isEmpty();
    assertThat(TensorLibrary.load()).isEqualTo(found.version());
    assertThat(TensorLibrary.unpackFolder())
        .isDirectoryContaining(
            folder -> folder.getFileName().toString().startsWith(found.version()));
  }

  @Test
  void theEnvironmentsLibraryComesFirst() {
    TensorLibrary found =
        TensorLibrary.find(
                Map.of(
                    "PYTORCH_LIBRARY_PATH", "/opt/torch/lib",
                    "PYTORCH_VERSION", "2.7.1",
                    "PYTORCH_FLAVOR", "cu128"))
            .orElseThrow();

    assertThat(found)
        .isEqualTo(new TensorLibrary("2.7.1", "cu128", Optional.of(Path.of("/opt/torch/lib"))));
    assertThat(found.isForCuda()).isTrue();
  }

  @Test
  void whereThereIsNoGpuNoneIsSeen() {
    // Whatever this machine has: without a runtime there is no GPU, and with one there is a
    // version.
    if (CudaRuntime.version().isEmpty()) {
      assertThat(CudaRuntime.gpus()).isZero();
    } else {
      assertThat(CudaRuntime.version().orElseThrow()).matches("\\d+\\.\\d");
    }
  }
}
