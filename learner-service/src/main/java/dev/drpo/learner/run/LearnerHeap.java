package dev.drpo.learner.run;

import dev.drpo.runtime.config.ConfigException;
import dev.drpo.runtime.config.RunConfig;
import dev.drpo.runtime.process.HeapNeeds;
import org.jboss.logging.Logger;

/** Holds the heap of this process against what the run needs of it. */
final class LearnerHeap {
  private static final Logger LOG = Logger.getLogger(LearnerHeap.class);
  private static final long MEBIBYTE = 1 << 20;

  private LearnerHeap() {}

  /**
   * Refuses a heap in which the run surely can't be learned, however short responses are, and warns
   * of one that long responses would fill.
   *
   * @param available most bytes that the heap may take
   * @throws ConfigException if it can't
   */
  static void check(RunConfig config, long available) {
    HeapNeeds least = HeapNeeds.leastOfLearner(config);
    HeapNeeds most = HeapNeeds.learner(config);
    String remedy =
        "start it with -Xmx%dm, in a container by JAVA_TOOL_OPTIONS"
            .formatted(most.limit() / MEBIBYTE);
    if (available < least.live()) {
      throw new ConfigException(
          "the learner's heap of %d MiB can't hold this run, which takes %d MiB before any response has a token (%s) and up to %d MiB with responses of sampling.max-response-tokens (%s); %s"
              .formatted(
                  available / MEBIBYTE,
                  least.live() / MEBIBYTE,
                  least,
                  most.live() / MEBIBYTE,
                  most,
                  remedy));
    }
    if (available < most.live()) {
      LOG.warnf(
          "the learner's heap of %d MiB is too small where all responses reach"
              + " sampling.max-response-tokens, which takes %d MiB (%s); %s",
          available / MEBIBYTE, most.live() / MEBIBYTE, most, remedy);
    }
  }
}
