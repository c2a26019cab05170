package dev.drpo.benchmarks.learn;

import dev.drpo.policy.checkpoint.ModelConfig;
import dev.drpo.policy.checkpoint.PolicyInitializer;
import dev.drpo.policy.safetensors.SafetensorsFile;
import dev.drpo.policy.trainer.MicroBatch;
import dev.drpo.policy.trainer.MicroBatch.Sequence;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;

/**
 * One measurement of learning: random sequences in groups of eight, and how they are learned from.
 *
 * @param trainer what computes
 * @param sequences responses of the mini-batch
 * @param tokens fed per sequence, prompt included
 * @param sharedPrompt whether a group has one prompt; if not, each response has its own
 * @param vocabulary tokens that the policy knows
 * @param threads that compute
 * @param gradientCheckpointing whether layers are computed again in the backward pass
 * @param chunkedHead whether the vocabulary head is
 */
public record LearnCase(
    Trainer trainer,
    int sequences,
    int tokens,
    boolean sharedPrompt,
    int vocabulary,
    int threads,
    boolean gradientCheckpointing,
    boolean chunkedHead) {
  private static final int GROUP = 8;
  private static final int PROMPT = 64;
  private static final int TOKENS_PER_MICRO_BATCH = 2048;
  private static final double DEVIATION = 0.02;

  /** What computes. */
  public enum Trainer {
    /** This project's, in fp32. */
    FLOAT32,
    /** This project's, with products in bfloat16. */
    BFLOAT16,
    /** One array operation at a time on a padded batch, differentiated by the tensor library. */
    EAGER
  }

  /** A case of this project's trainer as it runs by default. */
  static LearnCase of(Trainer trainer, int sequences, int tokens, int threads) {
    return new LearnCase(trainer, sequences, tokens, false, 512, threads, false, true);
  }

  LearnCase withSharedPrompt() {
    return new LearnCase(
        trainer, sequences, tokens, true, vocabulary, threads, gradientCheckpointing, chunkedHead);
  }

  /** As words that {@link #parse} reads. */
  String[] words() {
    return new String[] {
      trainer.name(),
      Integer.toString(sequences),
      Integer.toString(tokens),
      Boolean.toString(sharedPrompt),
      Integer.toString(vocabulary),
      Integer.toString(threads),
      Boolean.toString(gradientCheckpointing),
      Boolean.toString(chunkedHead)
    };
  }

  static LearnCase parse(String[] words) {
    return new LearnCase(
        Trainer.valueOf(words[0]),
        Integer.parseInt(words[1]),
        Integer.parseInt(words[2]),
        Boolean.parseBoolean(words[3]),
        Integer.parseInt(words[4]),
        Integer.parseInt(words[5]),
        Boolean.parseBoolean(words[6]),
        Boolean.parseBoolean(words[7]));
  }

  /** Dim 256, 4 layers, 8 query and 2 key/value heads, feed-forward 704: 3 M parameters at 512. */
  ModelConfig policy() {
    return new ModelConfig(vocabulary, 256, 704, 4, 8, 2, 2048, 10_000, 1e-6, true);
  }

  /** Loads it with random weights, from a file that is there during the call only. */
  <T> T load(Function<SafetensorsFile, T> reader) throws IOException {
    Path file = Files.createTempFile("drpo-bench-learn", ".safetensors");
    try {
      PolicyInitializer.write(file, policy(), DEVIATION, 1);
      try (SafetensorsFile weights = SafetensorsFile.open(file)) {
        return reader.apply(weights);
      }
    } finally {
      Files.delete(file);
    }
  }

  /** The same sequences every time. */
  List<Sequence> draw() {
    Random random = new Random(1);
    List<Sequence> drawn = new ArrayList<>();
    int[] prompt = {};
    for (int i = 0; i < sequences; i++) {
      if (!sharedPrompt || i % GROUP == 0) {
        prompt = random.ints(PROMPT, 0, vocabulary).toArray();
      }
      // The last token is only predicted.
      int[] response = random.ints(tokens - PROMPT + 1L, 0, vocabulary).toArray();
      drawn.add(new Sequence(prompt, response));
    }
    return drawn;
  }

  /** Micro-batches of whole groups where they share a prompt, at least one per thread. */
  List<MicroBatch> microBatches() {
    int size = sharedPrompt ? GROUP : Math.max(1, TOKENS_PER_MICRO_BATCH / tokens);
    List<Sequence> drawn = draw();
    List<MicroBatch> batches = new ArrayList<>();
    for (int from = 0; from < drawn.size(); from += size) {
      batches.add(MicroBatch.of(drawn.subList(from, Math.min(drawn.size(), from + size))));
    }
    return batches;
  }

  /** Floating-point operations that one step needs; see {@link PassFlops}. */
  double flops() {
    return PassFlops.of(policy(), microBatches());
  }
}
