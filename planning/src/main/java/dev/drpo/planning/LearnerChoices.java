package dev.drpo.planning;

import dev.drpo.policy.checkpoint.ModelConfig;
import dev.drpo.runtime.config.RunConfig;
import dev.drpo.runtime.config.TrainingConfig.Recompute;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** Ways to cut a step's tokens on some devices, of which the fastest that fits is taken. */
final class LearnerChoices {
  private static final int[] MICRO_BATCHES = {32_768, 24_576, 16_384};

  /** Room for mini-batches that are longer than expected, whose activations are kept. */
  private static final double SPREAD = 1.25;

  private static final int GRAIN = 1024;

  /** Rows of the vocabulary head that a GPU may compute at once, beside the configured ones. */
  private static final int[] HEAD_ROWS = {4096, 1024, 128};

  private static final double MEBIBYTE = 1 << 20;

  private final RunConfig config;
  private final ModelConfig model;
  private final List<Portions> choices = new ArrayList<>();
  private final Portions smallest;

  /**
   * The choices for a configuration whose devices are set.
   *
   * @param lengths expected
   */
  LearnerChoices(RunConfig config, ModelConfig model, Lengths lengths) {
    this.config = config;
    this.model = model;
    int longest = config.sampling().maxPromptTokens() + config.sampling().maxResponseTokens();
    List<Integer> logits = logits(config, model);
    this.smallest = new Portions(Recompute.LAYERS, longest, longest, logits.getLast());
    int miniBatch = miniBatch(config, lengths);
    for (Recompute recompute : Recompute.values()) {
      for (int tokens : microBatches(config, longest)) {
        for (int most : logits) {
          choices.add(new Portions(recompute, tokens, tokens, most));
          if (miniBatch > tokens) {
            choices.add(new Portions(recompute, tokens, miniBatch, most));
          }
        }
      }
    }
  }

  /** MiB of logits to choose from, the most first; on the CPU, the configured ones alone. */
  private static List<Integer> logits(RunConfig config, ModelConfig model) {
    int configured = config.training().logitsMebibytes();
    if (config.training().onCpu()) {
      return List.of(configured);
    }
    return IntStream.concat(
            IntStream.of(HEAD_ROWS)
                .map(
                    rows ->
                        (int)
                            Math.ceil(
                                (double) rows * model.vocabularySize() * Float.BYTES / MEBIBYTE)),
            IntStream.of(configured))
        .filter(most -> most > 0)
        .boxed()
        .distinct()
        .sorted(Comparator.reverseOrder())
        .toList();
  }

  private static List<Integer> microBatches(RunConfig config, int longest) {
    int configured = config.training().tokensPerMicroBatch();
    return IntStream.concat(IntStream.of(MICRO_BATCHES), IntStream.of(configured, longest))
        .filter(tokens -> tokens >= longest)
        // On the CPU, larger ones gain nothing.
        .filter(tokens -> !config.training().onCpu() || tokens <= configured)
        .boxed()
        .distinct()
        .sorted(Comparator.reverseOrder())
        .toList();
  }

  /** Tokens of a mini-batch on each device, with room for longer ones. */
  private static int miniBatch(RunConfig config, Lengths lengths) {
    int prompts =
        Math.ceilDiv(config.training().promptsPerStep(), config.training().miniBatchesPerStep());
    double tokens = prompts * lengths.group(config.sampling().groupSize()) * SPREAD;
    int devices = config.training().deviceNames().size();
    return (int) Math.min(Integer.MAX_VALUE / 2, Math.ceil(tokens / devices / GRAIN) * GRAIN);
  }

  /** The choices that fit into so many bytes of each device, the fastest first. */
  List<Portions> fitting(long bytes, ToDoubleFunction<Portions> seconds) {
    return choices.stream()
        .filter(choice -> needed(choice) <= bytes)
        .sorted(
            Comparator.comparingDouble(seconds)
                .thenComparing(Comparator.comparingInt(Portions::microBatch).reversed()))
        .toList();
  }

  /** What a choice takes of each device, or of the host on the CPU. */
  long needed(Portions choice) {
    return LearnerMemory.ofDevice(config, model, choice);
  }

  /** The choice that takes the least memory. */
  Portions smallest() {
    return smallest;
  }
}
