package dev.drpo.runtime.process;

import dev.drpo.runtime.config.RunConfig;
import dev.drpo.runtime.config.TrainingConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * What a process of a run holds on its Java heap, in bytes. Weights, moments, activations and KV
 * caches are native memory, or a GPU's, and come on top.
 *
 * <p>How long responses will be is not known beforehand: {@link #learner} and {@link #rollout}
 * count each at the longest that it may become, so that a heap of {@link #limit} is enough whatever
 * the policy does. {@link #leastOfLearner} counts none of their tokens.
 *
 * @param service the framework, the broker's clients with their buffers, a tokenizer's description
 *     while it is read, and pieces of weights on their way to a file
 * @param problems the data files as text, and their prompts as tokens
 * @param groups responses under way, as records and as what records are made of
 * @param update what an update holds beside them, for each token of a mini-batch
 */
public record HeapNeeds(long service, long problems, long groups, long update) {
  private static final long MEBIBYTE = 1 << 20;

  private static final long SERVICE = 256 * MEBIBYTE;

  /** A piece of weights, and its copy, while a file of them is written. */
  private static final long PIECES_OF_WEIGHTS = 64 * MEBIBYTE;

  /** A learner that waits: 20 MiB after a collection, the quickstart's problems among them. */
  private static final long IDLE_LEARNER = 16 * MEBIBYTE;

  /**
   * Bytes of a problem for each byte of its line: the line, its strings at up to two bytes a
   * character while the one is made into the other, and four bytes a token.
   */
  private static final int PROBLEM_BYTES = 5;

  /**
   * A token of a record that has arrived: its id in a list that has grown to half as much again,
   * its log-probability, and five bytes of the response's text.
   */
  private static final int RECORD_TOKEN_BYTES = 6 + Float.BYTES + 5;

  /** A token of a group to learn from: id, sampled and recomputed log-probability. */
  private static final int GROUP_TOKEN_BYTES = Integer.BYTES + 2 * Float.BYTES;

  /** A token of micro-batches: id, position, place and label, and its log-probability twice. */
  private static final int PASS_TOKEN_BYTES = 4 * Long.BYTES + 2 * Float.BYTES;

  /**
   * A token that an objective weighs: its weight, what that was worked out with, and its
   * coefficient of the gradient.
   */
  private static final int WEIGHED_TOKEN_BYTES = 2 * Double.BYTES + Float.BYTES;

  /** Its importance, where responses may be those of another policy. */
  private static final int IMPORTANCE_BYTES = Double.BYTES;

  /**
   * A token that a replica has drawn: id and two log-probabilities, in arrays that double, and once
   * more as the record that is published, in bytes too.
   */
  private static final int DRAWN_TOKEN_BYTES = 2 * 3 * Integer.BYTES + 2 * (RECORD_TOKEN_BYTES + 4);

  /** A response without its tokens: its record, its verdict and the strings in it. */
  private static final int RESPONSE_BYTES = 512;

  /** What the collector needs beside what is live. */
  private static final double ROOM = 1.25;

  /**
   * A learner: the groups of {@code max-lag} + 1 steps and the extra ones of a step as records, one
   * step's groups to learn from, and one update. Evaluations add nothing that grows with responses'
   * lengths.
   */
  public static HeapNeeds learner(RunConfig config) {
    TrainingConfig training = config.training();
    long ofStep = responses(config, training.promptsPerStep());
    long extra = responses(config, training.mostExtraGroups());
    long longest = config.sampling().maxResponseTokens();
    long records = (training.maxLag() + 1) * ofStep + extra;
    long miniBatch =
        responses(config, Math.ceilDiv(training.promptsPerStep(), training.miniBatchesPerStep()));
    long passes = training.recomputesOld() ? ofStep : miniBatch;
    int weighed = WEIGHED_TOKEN_BYTES + (training.weighsTokens() ? IMPORTANCE_BYTES : 0);
    return new HeapNeeds(
        SERVICE + PIECES_OF_WEIGHTS,
        PROBLEM_BYTES * problemBytes(config),
        records * (RESPONSE_BYTES + longest * RECORD_TOKEN_BYTES)
            + (ofStep + extra) * longest * GROUP_TOKEN_BYTES,
        passes * longest * PASS_TOKEN_BYTES + miniBatch * longest * weighed);
  }

  /**
   * What a learner certainly needs, however short the responses are: itself while it waits, the
   * data files once, and the responses of {@code max-lag} + 1 steps without their tokens.
   */
  public static HeapNeeds leastOfLearner(RunConfig config) {
    long ofStep = responses(config, config.training().promptsPerStep());
    return new HeapNeeds(
        IDLE_LEARNER,
        problemBytes(config),
        (config.training().maxLag() + 1) * ofStep * RESPONSE_BYTES,
        0);
  }

  /** A rollout replica: every response of the groups that it works on at once. */
  public static HeapNeeds rollout(RunConfig config) {
    int training = config.sampling().groupSize();
    int evaluation = config.evaluation().samples();
    // Those that fill the slots, and one that waits.
    long groups = Math.ceilDiv(config.rollout().slots(), Math.min(training, evaluation)) + 1L;
    long responses = groups * Math.max(training, evaluation);
    return new HeapNeeds(
        SERVICE,
        0,
        responses
            * (RESPONSE_BYTES + config.sampling().maxResponseTokens() * (long) DRAWN_TOKEN_BYTES),
        0);
  }

  private static long responses(RunConfig config, int groups) {
    return (long) groups * config.sampling().groupSize();
  }

  private static long problemBytes(RunConfig config) {
    return size(config.data().train())
        + (config.evaluation().problems() == 0 ? 0 : size(config.data().heldout()));
  }

  /** Zero where there is no such file, which is for others to tell. */
  private static long size(Path file) {
    try {
      return Files.isRegularFile(file) ? Files.size(file) : 0;
    } catch (IOException e) {
      return 0;
    }
  }

  /** Everything that is live at once. */
  public long live() {
    return service + problems + groups + update;
  }

  /** The heap to give a process: what is live and room for the collector, in whole MiB. */
  public long limit() {
    return Math.ceilDiv((long) (live() * ROOM), MEBIBYTE) * MEBIBYTE;
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "service %d MiB, problems %d MiB, groups of the longest responses %d MiB, update %d MiB",
        mebibytes(service),
        mebibytes(problems),
        mebibytes(groups),
        mebibytes(update));
  }

  private static long mebibytes(long bytes) {
    return Math.ceilDiv(bytes, MEBIBYTE);
  }
}
