package dev.drpo.planning;

import dev.drpo.policy.checkpoint.ModelConfig;
import dev.drpo.policy.safetensors.ElementType;
import dev.drpo.policy.trainer.TrainerOptions;
import dev.drpo.policy.trainer.TrainingMemory;
import dev.drpo.runtime.config.RunConfig;
import dev.drpo.runtime.config.TrainingConfig;

/** What a configuration has the learner keep on its devices. */
public final class LearnerMemory {
  private static final long BYTES_PER_MEBIBYTE = 1L << 20;

  private LearnerMemory() {}

  /** How the learner computes. */
  public static TrainerOptions options(TrainingConfig training, ModelConfig model) {
    return options(
        training,
        new Portions(
            training.recompute(),
            training.tokensPerMicroBatch(),
            training.retainedTokens(),
            training.logitsMebibytes()),
        model);
  }

  /** The same with other portions than the configuration has. */
  static TrainerOptions options(TrainingConfig training, Portions portions, ModelConfig model) {
    return new TrainerOptions(
        ElementType.named(training.compute().configName()),
        portions.recompute() == TrainingConfig.Recompute.LAYERS,
        portions.logits() == 0
            ? TrainerOptions.suitableHeadElements(!training.onCpu(), model.vocabularySize())
            : portions.logits() * BYTES_PER_MEBIBYTE / Float.BYTES,
        training.threads());
  }

  /** What each device of the learner needs at most, without {@link Overhead}. */
  public static TrainingMemory of(RunConfig config, ModelConfig model) {
    return of(config, model, Portions.of(config));
  }

  /** The same with other portions than the configuration has. */
  static TrainingMemory of(RunConfig config, ModelConfig model, Portions portions) {
    TrainingConfig training = config.training();
    RunConfig.Sampling sampling = config.sampling();
    int devices = training.deviceNames().size();
    TrainerOptions options = options(training, portions, model);
    long longest = (long) sampling.maxPromptTokens() + sampling.maxResponseTokens();
    long prompts = Math.ceilDiv(training.promptsPerStep(), training.miniBatchesPerStep());
    long miniBatch =
        prompts
            * (sampling.maxPromptTokens()
                + (long) sampling.groupSize() * sampling.maxResponseTokens());
    long ofDevice = Math.max(longest, Math.ceilDiv(miniBatch, devices));
    return TrainingMemory.of(
        model,
        options,
        devices,
        !training.onCpu() && options.compute() == ElementType.BF16,
        new TrainingMemory.Load(
            Math.min(portions.microBatch(), ofDevice),
            Math.min(portions.retained(), ofDevice),
            longest));
  }

  /** What the learner takes of each of its GPUs, or of the host on the CPU, at most. */
  public static long ofDevice(RunConfig config, ModelConfig model) {
    return ofDevice(config, model, Portions.of(config));
  }

  static long ofDevice(RunConfig config, ModelConfig model, Portions portions) {
    long planned = of(config, model, portions).total();
    return config.training().onCpu()
        ? planned * config.training().deviceNames().size()
        : planned + Overhead.GPU;
  }
}
