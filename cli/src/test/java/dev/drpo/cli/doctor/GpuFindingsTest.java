package dev.drpo.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drpo.cli.doctor.Finding.Status;
import dev.drpo.cli.machine.Gpu;
import dev.drpo.policy.engine.TensorLibrary;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GpuFindingsTest {
  private static final Gpu CARD =
      new Gpu(0, "NVIDIA H100 80GB HBM3", 85_000_000_000L, 84_000_000_000L, "570.86.15");
  private static final Optional<TensorLibrary> CUDA =
      Optional.of(new TensorLibrary("2.5.1", "cu124", Optional.empty()));
  private static final Optional<TensorLibrary> CPU =
      Optional.of(new TensorLibrary("2.7.1", "cpu", Optional.empty()));
  private static final Optional<String> RUNTIME = Optional.of("12.4");
  private static final GpuFacts NOTHING =
      new GpuFacts(
          List.of(), Optional.empty(), false, false, false, Optional.empty(), List.of(), CPU);

  @Test
  void aMachineWithoutAnyIsWellIfNoneIsAskedFor() {
    assertThat(GpuFindings.of(NOTHING, false))
        .singleElement()
        .isEqualTo(Finding.ok("GPUs", "none, and no driver; runs compute on the CPU"));
  }

  @Test
  void ifOneIsAskedForEverythingThatIsMissingIsNamedWithItsRemedy() {
    List<Finding> findings = GpuFindings.of(NOTHING, true);

    assertThat(findings)
        .extracting(Finding::subject)
        .containsExactly("GPU driver", "GPUs", "CUDA runtime", "library for CUDA");
    assertThat(findings).allMatch(Finding::hasFailed);
    assertThat(remedies(findings))
        .contains("install NVIDIA's driver", "CUDA_VISIBLE_DEVICES", "ldconfig", "DRPO_BUILD=cuda");
  }

  @Test
  void aCompleteMachineIsWell() {
    assertThat(GpuFindings.of(with(CARD, true, RUNTIME, List.of("9.0"), CUDA), true))
        .allMatch(finding -> finding.status() == Status.OK)
        .extracting(Finding::subject)
        .containsExactly("GPU driver", "cuda:0", "CUDA runtime", "library for CUDA", "GPUs seen");
  }

  @Test
  void aBuildForTheCpuIsTheOneThingMissing() {
    List<Finding> findings = GpuFindings.of(with(CARD, true, RUNTIME, List.of("9.0"), CPU), true);

    assertThat(failed(findings)).containsExactly("library for CUDA");
  }

  @Test
  void whatIsMissingIsAdviceIfNoGpuIsAskedFor() {
    assertThat(GpuFindings.of(with(CARD, true, RUNTIME, List.of("9.0"), CPU), false))
        .noneMatch(Finding::hasFailed)
        .anyMatch(finding -> finding.status() == Status.ADVICE);
  }

  @Test
  void aRuntimeUnderItsVersionsNameAloneIsToldApartFromNone() {
    GpuFacts facts =
        new GpuFacts(
            List.of(CARD), Optional.empty(), true, true, true, Optional.empty(), List.of(), CUDA);

    List<Finding> findings = GpuFindings.of(facts, true);

    assertThat(failed(findings)).containsExactly("CUDA runtime");
    assertThat(remedies(findings)).contains("make a link libcudart.so");
  }

  @Test
  void aRuntimeOfAnotherMajorVersionIsRefused() {
    List<Finding> findings =
        GpuFindings.of(with(CARD, true, Optional.of("11.8"), List.of("9.0"), CUDA), true);

    assertThat(failed(findings)).containsExactly("CUDA runtime");
  }

  @Test
  void anOldDriverIsToldWithTheOneThatIsNeeded() {
    Gpu old = new Gpu(0, "Tesla T4", 16_000_000_000L, 16_000_000_000L, "470.82.01");

    List<Finding> findings = GpuFindings.of(with(old, true, RUNTIME, List.of(), CUDA), true);

    assertThat(failed(findings)).containsExactly("GPU driver", "GPUs seen");
    assertThat(remedies(findings)).contains("525 or newer");
  }

  @Test
  void aContainerWithoutTheDriversLibraryIsToldHowToStart() {
    List<Finding> findings = GpuFindings.of(with(CARD, false, RUNTIME, List.of(), CUDA), true);

    assertThat(failed(findings)).contains("GPU driver");
    assertThat(remedies(findings)).contains("--gpus all");
  }

  @Test
  void aCardWithoutTheKernelsIsRefused() {
    List<Finding> findings = GpuFindings.of(with(CARD, true, RUNTIME, List.of("7.5"), CUDA), true);

    assertThat(failed(findings)).containsExactly("GPUs seen");
    assertThat(remedies(findings)).contains("8.0, an A100 or newer");
  }

  @Test
  void aCardThatOthersUseIsAdvice() {
    Gpu busy = new Gpu(0, CARD.name(), CARD.totalBytes(), 40_000_000_000L, CARD.driver());

    assertThat(GpuFindings.of(with(busy, true, RUNTIME, List.of("9.0"), CUDA), true))
        .filteredOn(finding -> finding.subject().equals("cuda:0"))
        .singleElement()
        .isEqualTo(
            Finding.advice(
                "cuda:0",
                "NVIDIA H100 80GB HBM3, 40.0 of 85.0 GB free",
                "others use it (nvidia-smi lists them); end them for room"));
  }

  @Test
  void aDriverThatDoesNotAnswerIsQuoted() {
    GpuFacts facts =
        new GpuFacts(
            List.of(), Optional.of("exit code 9"), false, false, false, RUNTIME, List.of(), CUDA);

    assertThat(GpuFindings.of(facts, true).getFirst().found()).isEqualTo("exit code 9");
  }

  private static GpuFacts with(
      Gpu card,
      boolean driverLibrary,
      Optional<String> runtime,
      List<String> capabilities,
      Optional<TensorLibrary> library) {
    return new GpuFacts(
        List.of(card),
        Optional.empty(),
        true,
        driverLibrary,
        false,
        runtime,
        capabilities,
        library);
  }

  private static List<String> failed(List<Finding> findings) {
    return findings.stream().filter(Finding::hasFailed).map(Finding::subject).toList();
  }

  private static String remedies(List<Finding> findings) {
    return String.join("\n", findings.stream().map(Finding::remedy).toList());
  }
}
