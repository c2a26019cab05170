package dev.drpo.planning;

import dev.drpo.runtime.config.RunConfig;
import dev.drpo.runtime.config.TrainingConfig;
import dev.drpo.runtime.messaging.TopicProvisioner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * Bytes that the records of a run take on its broker at most, by topic. The learner removes what
 * recovery no longer needs after each checkpoint; what is removed goes file by file. Nothing is
 * taken off for compression, since token ids and log-probabilities hardly become smaller.
 */
record BrokerRecords(long prompts, long rollouts, long scored, long weights) {
  /** A token's id, which the format packs seven bits to a byte. */
  private static final int ID_BYTES = 3;

  /** What a token spells, on average over reasoning in English and formulas. */
  private static final int TEXT_BYTES = 4;

  /** An id, its log-probability and its text. */
  private static final int TOKEN_BYTES = ID_BYTES + Float.BYTES + TEXT_BYTES;

  /** A response without its tokens: its versions, its verdict and the strings in it. */
  private static final int RESPONSE_BYTES = 512;

  /** A group without prompt and responses: identity, parameters, golds, names. */
  private static final int GROUP_BYTES = 1024;

  /** How much of a snapshot a patch takes: docs/weights.md has the measurement. */
  private static final double EXPECTED_PATCH = 0.01;

  /**
   * The records of a run.
   *
   * @param length tokens of each response
   * @param patches part of a snapshot that each patch takes
   * @param snapshot bytes of the weights in the type in which they are published
   */
  private static BrokerRecords of(RunConfig config, long length, double patches, long snapshot) {
    TrainingConfig training = config.training();
    // Until the next checkpoint is written, groups of the steps since the oldest one are needed.
    Window scored =
        Window.of(config, (long) training.checkpointsKept() * training.checkpointEvery());
    Window queued = Window.of(config, training.checkpointEvery());
    Window all = Window.of(config, training.steps());
    Sizes tasks = tasks(config);
    Sizes groups = groups(config, length);
    // A version's patch, from the oldest snapshot that is held on, and that of the newest.
    long versions = DiskNeeds.snapshots(training);
    return new BrokerRecords(
        kept(queued.bytes(tasks), all.bytes(tasks), 1),
        kept(queued.bytes(groups), all.bytes(groups), 1),
        kept(scored.bytes(groups), all.bytes(groups), config.kafka().partitions()),
        versions * (long) (patches * snapshot) + TopicProvisioner.SEGMENT_BYTES);
  }

  /** Each partition keeps up to a file more than its records need, but no more than it ever had. */
  private static long kept(long needed, long all, int partitions) {
    return Math.min(all, needed + (long) partitions * TopicProvisioner.SEGMENT_BYTES);
  }

  private static Sizes tasks(RunConfig config) {
    long task = GROUP_BYTES + (long) config.sampling().maxPromptTokens() * ID_BYTES;
    return new Sizes(task, task);
  }

  private static Sizes groups(RunConfig config, long length) {
    Sizes tasks = tasks(config);
    // A truncated distribution has a log-probability of its own.
    int evaluated = TOKEN_BYTES + (config.evaluation().topP() < 1 ? Float.BYTES : 0);
    return new Sizes(
        tasks.training() + config.sampling().groupSize() * (RESPONSE_BYTES + length * TOKEN_BYTES),
        tasks.evaluation() + config.evaluation().samples() * (RESPONSE_BYTES + length * evaluated));
  }

  /**
   * At most: every response as long as it may be, every patch as large.
   *
   * @param snapshot bytes of the weights in the type in which they are published
   */
  static BrokerRecords worst(RunConfig config, long snapshot) {
    return of(config, config.sampling().maxResponseTokens(), largestPatch(config), snapshot);
  }

  /**
   * As expected: responses of {@link #expectedLength}, patches as measured.
   *
   * @param snapshot bytes of the weights in the type in which they are published
   */
  static BrokerRecords expected(RunConfig config, long snapshot) {
    return of(
        config, expectedLength(config), Math.min(EXPECTED_PATCH, largestPatch(config)), snapshot);
  }

  /**
   * Mean length to expect of responses, in tokens: three fifths of the budget. A policy of 1.5B
   * parameters that was distilled from a reasoning model begins with 4,700 tokens of 8,192, and
   * training makes them shorter.
   */
  static long expectedLength(RunConfig config) {
    return Math.ceilDiv(config.sampling().maxResponseTokens() * 3L, 5);
  }

  private static double largestPatch(RunConfig config) {
    return DiskNeeds.patched(config) ? config.weights().mostPatchFraction() : 0;
  }

  long total() {
    return prompts + rollouts + scored + weights;
  }

  /** Bytes of a record. */
  private record Sizes(long training, long evaluation) {}

  /** Groups that come into a topic between two removals. */
  private record Window(long training, long evaluation) {
    /**
     * Counts them.
     *
     * @param steps of training from one removal to the next, without those that are sent ahead
     */
    static Window of(RunConfig config, long steps) {
      TrainingConfig training = config.training();
      long arriving = Math.min(training.steps(), steps + training.maxLag());
      return new Window(
          arriving * (training.promptsPerStep() + (long) training.mostExtraGroups()),
          evaluations(apart(config), arriving) * heldOut(config));
    }

    private static long apart(RunConfig config) {
      int every = config.evaluation().every();
      int steps = config.training().steps();
      return every > 0 ? Math.min(every, steps) : steps;
    }

    /** Problems of an evaluation: no more than there are lines in their file. */
    private static long heldOut(RunConfig config) {
      int most = config.evaluation().problems();
      Path file = config.data().heldout();
      if (most == 0 || !Files.isRegularFile(file)) {
        return most;
      }
      try (Stream<String> lines = Files.lines(file)) {
        return lines.limit(most).count();
      } catch (IOException | UncheckedIOException e) {
        // Whoever reads the problems tells what is wrong with the file.
        return most;
      }
    }

    /** Evaluations that come in while so many steps do, if they lie some steps apart. */
    private static long evaluations(long apart, long steps) {
      return apart == 0 ? 1 : steps / apart + 1;
    }

    long bytes(Sizes sizes) {
      return training * sizes.training() + evaluation * sizes.evaluation();
    }
  }
}
