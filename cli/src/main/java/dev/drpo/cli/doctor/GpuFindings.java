package dev.drpo.cli.doctor;

import dev.drpo.cli.machine.Gpu;
import dev.drpo.policy.engine.TensorLibrary;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What is there, and what is missing, for a policy to be computed on GPUs. */
final class GpuFindings {
  /** The first driver that runs any program for CUDA 12. */
  private static final int OLDEST_DRIVER = 525;

  /** The first generation whose attention kernels the tensor library has in bfloat16. */
  private static final double LEAST_CAPABILITY = 8.0;

  /** A card of which less is free is in use by others. */
  private static final double IDLE = 0.9;

  private final GpuFacts facts;
  private final boolean needed;
  private final List<Finding> findings = new ArrayList<>();

  private GpuFindings(GpuFacts facts, boolean needed) {
    this.facts = facts;
    this.needed = needed;
  }

  /**
   * The findings.
   *
   * @param needed whether a GPU is asked for, so that what is missing is a failure
   */
  static List<Finding> of(GpuFacts facts, boolean needed) {
    if (facts.isWithout() && !needed) {
      return List.of(Finding.ok("GPUs", "none, and no driver; runs compute on the CPU"));
    }
    GpuFindings findings = new GpuFindings(facts, needed);
    findings.driver();
    findings.gpus();
    findings.runtime();
    findings.library();
    findings.seen();
    return findings.findings;
  }

  private void missing(String subject, String found, String remedy) {
    findings.add(
        needed ? Finding.failed(subject, found, remedy) : Finding.advice(subject, found, remedy));
  }

  private void ok(String subject, String found) {
    findings.add(Finding.ok(subject, found));
  }

  private void driver() {
    String subject = "GPU driver";
    if (facts.problem().isPresent()) {
      missing(subject, facts.problem().get(), "see that nvidia-smi runs by itself");
    } else if (!facts.gpus().isEmpty()) {
      String version = facts.gpus().getFirst().driver();
      if (major(version) < OLDEST_DRIVER) {
        missing(
            subject,
            version,
            "CUDA 12 needs %d or newer; update the driver".formatted(OLDEST_DRIVER));
      } else if (!facts.driverLibrary()) {
        missing(
            subject,
            version + ", but its library libcuda.so.1 does not load",
            "in a container, start it with the NVIDIA container runtime (--gpus all)");
      } else {
        ok(subject, version);
      }
    } else if (facts.driverLoaded() || facts.driverLibrary()) {
      ok(subject, "there, with no GPU that this process may use");
    } else {
      missing(
          subject,
          "none: neither nvidia-smi nor libcuda.so.1",
          "install NVIDIA's driver; in a container, start it with the NVIDIA container runtime"
              + " (--gpus all)");
    }
  }

  /** The first number of a version; 0 if there is none. */
  private static int major(String version) {
    String digits = version.replaceFirst("\\D.*", "");
    return digits.isEmpty() ? 0 : Integer.parseInt(digits);
  }

  private void gpus() {
    if (facts.gpus().isEmpty()) {
      missing(
          "GPUs",
          "none",
          "use a machine with one; if it has one, see that CUDA_VISIBLE_DEVICES does not hide it");
    }
    for (Gpu gpu : facts.gpus()) {
      String found =
          String.format(
              Locale.ROOT,
              "%s, %.1f of %.1f GB free",
              gpu.name(),
              gpu.freeBytes() / 1e9,
              gpu.totalBytes() / 1e9);
      if (gpu.freeBytes() < IDLE * gpu.totalBytes()) {
        findings.add(
            Finding.advice(
                gpu.device(), found, "others use it (nvidia-smi lists them); end them for room"));
      } else {
        ok(gpu.device(), found);
      }
    }
  }

  private void runtime() {
    String subject = "CUDA runtime";
    if (facts.runtime().isPresent()) {
      String version = facts.runtime().get();
      if (version.startsWith("12.")) {
        ok(subject, version);
      } else {
        missing(subject, version, "the tensor library is for CUDA 12; put its libcudart.so first");
      }
    } else if (facts.runtimeElsewhere()) {
      missing(
          subject,
          "libcudart.so.12 loads, but libcudart.so, the name that is looked for, does not",
          "make a link libcudart.so to it in its folder, or run ldconfig for that folder");
    } else {
      missing(
          subject,
          "libcudart.so is not found",
          "install the runtime of CUDA 12 (such as the package cuda-cudart-12-4) and run ldconfig,"
              + " or put the folder with libcudart.so on LD_LIBRARY_PATH");
    }
  }

  private void library() {
    String subject = "library for CUDA";
    if (facts.library().filter(TensorLibrary::isForCuda).isPresent()) {
      ok(subject, Libraries.describe(facts.library().get()));
    } else {
      missing(
          subject,
          facts.library().map(Libraries::describe).orElse("none"),
          "build for CUDA: DRPO_BUILD=cuda ./drpo doctor --gpu, or name an installed PyTorch's"
              + " library by PYTORCH_LIBRARY_PATH, PYTORCH_VERSION and PYTORCH_FLAVOR");
    }
  }

  private void seen() {
    String subject = "GPUs seen";
    if (facts.runtime().isEmpty()) {
      return;
    }
    int seen = facts.capabilities().size();
    if (seen < facts.gpus().size() || seen == 0) {
      missing(
          subject,
          "the runtime sees %d of %d".formatted(seen, facts.gpus().size()),
          "the driver may be older than the runtime, or a card may have failed (nvidia-smi -q)");
      return;
    }
    for (int i = 0; i < seen; i++) {
      String capability = facts.capabilities().get(i);
      if (Double.parseDouble(capability) < LEAST_CAPABILITY) {
        missing(
            subject,
            "cuda:%d has compute capability %s".formatted(i, capability),
            "attention in bfloat16 needs 8.0, an A100 or newer; name other cards by"
                + " CUDA_VISIBLE_DEVICES");
        return;
      }
    }
    ok(
        subject,
        "%d, compute capability %s".formatted(seen, String.join(", ", facts.capabilities())));
  }
}
