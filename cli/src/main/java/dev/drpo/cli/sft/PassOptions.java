package dev.drpo.cli.sft;

import ai.djl.Device;
import dev.drpo.cli.exit.UsageError;
import dev.drpo.cli.policy.ComputeOptions;
import dev.drpo.cli.policy.TensorThreads;
import dev.drpo.policy.checkpoint.ModelConfig;
import dev.drpo.policy.engine.TensorEngine;
import dev.drpo.policy.safetensors.ElementType;
import dev.drpo.policy.sft.Packing;
import dev.drpo.policy.trainer.TrainerOptions;
import dev.drpo.policy.trainer.TrainingMemory;
import java.util.SequencedMap;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How passes are computed, on which no more than the rounding depends. */
final class PassOptions {
  @Mixin private ComputeOptions compute;

  @Mixin private TensorThreads threads;

  @Option(
      names = "--workers",
      paramLabel = "N",
      defaultValue = "1",
      description = {
        "Passes computed at once, each on a thread of its own (default: ${DEFAULT-VALUE}).",
        "For small policies on a CPU, one per core is faster than --threads."
      })
  private int workers;

  @Option(
      names = "--tokens-per-pass",
      paramLabel = "N",
      defaultValue = "2048",
      description = {
        "Most tokens of one pass (default: ${DEFAULT-VALUE}).",
        "A longer trace has a pass to itself."
      })
  private int tokensPerPass;

  @Option(
      names = "--recompute",
      description =
          "Compute layers again for the gradient, for a tenth of the activations' memory.")
  private boolean recompute;

  /**
   * Refuses what can't be.
   *
   * @throws UsageError if a number is impossible
   */
  void refuseImpossible() {
    threads.refuseImpossible();
    if (workers < 1) {
      throw new UsageError("--workers is " + workers + "; it must be 1 or more");
    }
    if (tokensPerPass < 1) {
      throw new UsageError("--tokens-per-pass is " + tokensPerPass + "; it must be 1 or more");
    }
    compute.type();
  }

  /** Prepares the tensor engine and the calling thread. */
  void prepare() {
    threads.prepare();
  }

  Packing packing() {
    return new Packing(tokensPerPass, workers);
  }

  /**
   * Where to compute.
   *
   * @throws UsageError if there is no such device, or it does not compute in the type
   */
  Device device() {
    Device device = compute.device();
    if (device.isGpu() && compute.type() != ElementType.BF16) {
      throw new UsageError(
          "--dtype is %s; training on a GPU takes bfloat16 alone"
              .formatted(compute.type().configName()));
    }
    return device;
  }

  TrainerOptions trainer(Device device, ModelConfig model) {
    return new TrainerOptions(
        compute.type(),
        recompute,
        TrainerOptions.suitableHeadElements(device.isGpu(), model.vocabularySize()),
        workers);
  }

  /**
   * Refuses a training that does not fit into the memory that is available now.
   *
   * @param longest most tokens of a trace
   * @return the plan, for people
   * @throws UsageError if it does not fit
   */
  String requireRoom(Device device, ModelConfig model, int longest) {
    long pass = Math.max(tokensPerPass, longest);
    TrainingMemory memory =
        TrainingMemory.of(
            model,
            trainer(device, model),
            1,
            device.isGpu(),
            new TrainingMemory.Load(pass, pass * workers, longest));
    long available = TensorEngine.availableBytes(device);
    if (memory.total() > available) {
      throw new UsageError(
          "training needs %s, of which only %s are available on %s; %s"
              .formatted(
                  memory,
                  TrainingMemory.gigabytes(available),
                  TensorEngine.name(device),
                  "lower --tokens-per-pass or --workers, give --recompute or --dtype bfloat16, or"
                      + " leave long traces out with --max-tokens"));
    }
    return memory.toString();
  }

  /** Adds everything of it that the weights depend on. */
  void addTo(SequencedMap<String, String> terms) {
    terms.put("dtype", compute.type().configName());
    terms.put("device", compute.device().getDeviceType());
    terms.put("threads", Integer.toString(threads.count()));
    terms.put("workers", Integer.toString(workers));
    terms.put("tokens per pass", Integer.toString(tokensPerPass));
    terms.put("recompute", Boolean.toString(recompute));
  }
}
