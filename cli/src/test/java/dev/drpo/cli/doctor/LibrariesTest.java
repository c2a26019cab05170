package dev.drpo.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drpo.policy.engine.TensorLibrary;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LibrariesTest {
  private static final TensorLibrary CUDA = new TensorLibrary("2.5.1", "cu124", Optional.empty());

  @Test
  void aLibraryThatLoadsTellsItsVersion() {
    assertThat(Libraries.tensors(Optional.of(CUDA), () -> "2.5.1"))
        .isEqualTo(
            Finding.ok("tensor library", "libtorch 2.5.1 for cu124; it loads as version 2.5.1"));
  }

  @Test
  void oneThatDoesNotLoadSaysWhyAndWhichBuildWould() {
    Finding finding =
        Libraries.tensors(
            Optional.of(CUDA),
            () -> {
              throw new UnsatisfiedLinkError("libcuda.so.1: no such file");
            });

    assertThat(finding.hasFailed()).isTrue();
    assertThat(finding.found()).contains("libtorch 2.5.1 for cu124", "libcuda.so.1: no such file");
    assertThat(finding.remedy()).contains("DRPO_BUILD=cpu ./drpo doctor");
  }

  @Test
  void aTokenizerThatIsNotThereIsAFailure() {
    Finding finding = Libraries.tokenizer(Path.of("no-such-folder"));

    assertThat(finding.hasFailed()).isTrue();
    assertThat(finding.found()).contains("no-such-folder");
  }
}
