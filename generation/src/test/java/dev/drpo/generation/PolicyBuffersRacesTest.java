package dev.drpo.generation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drpo.policy.checkpoint.PolicyDigest;
import dev.drpo.policy.checkpoint.PolicyVersion;
import dev.drpo.policy.decoder.Decoder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Two threads that decode, a loader and somebody who offers updates faster than they can be loaded.
 * Weights are a number that an update's loading writes.
 */
@Timeout(300)
class PolicyBuffersRacesTest {
  private static final int UPDATES = 1_000_000;
  private static final PolicyDigest DIGEST = new PolicyDigest("00".repeat(32));

  /** Updates that may be on their way; many are superseded, and some are applied. */
  private static final int AHEAD = 2;

  private final AtomicReference<Throwable> failure = new AtomicReference<>();
  private final AtomicBoolean done = new AtomicBoolean();

  /** Does not load, but notes into which buffer it would. */
  private static final class NoWeights implements DecoderLoading {
    @Override
    public PolicyVersion version() {
      return new PolicyVersion(0, DIGEST);
    }

    @Override
    public Decoder starting() {
      return null;
    }

    @Override
    public Decoder beside(WeightUpdate update) {
      return null;
    }

    @Override
    public void over(Decoder unused, WeightUpdate update) {}

    @Override
    public void close() {}
  }

  @Test
  void noWeightsChangeUnderAThreadAndEveryUpdateHasOneOutcome() throws Exception {
    AtomicLong applied = new AtomicLong();
    AtomicLong superseded = new AtomicLong();
    try (PolicyBuffers buffers = PolicyBuffers.start(new NoWeights(), () -> {})) {
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        threads.add(Thread.ofPlatform().daemon().start(() -> decode(buffers)));
      }
      WeightUpdate last = null;
      for (int step = 1; step <= UPDATES && failure.get() == null; step++) {
        last = new WeightUpdate(new PolicyVersion(step, DIGEST), Path.of("none"));
        var _ =
            last.outcome()
                .thenAccept(
                    outcome ->
                        (outcome == WeightUpdateOutcome.APPLIED ? applied : superseded)
                            .incrementAndGet());
        buffers.offer(last);
        if (step % AHEAD == 0) {
          last.outcome().join();
        }
      }
      assertThat(last.outcome().join()).isEqualTo(WeightUpdateOutcome.APPLIED);
      done.set(true);
      for (Thread thread : threads) {
        thread.join();
      }
    }
    assertThat(failure.get()).isNull();
    assertThat(applied.get() + superseded.get()).isEqualTo(UPDATES);
    assertThat(applied.get()).isGreaterThanOrEqualTo(UPDATES / AHEAD);
  }

  private void decode(PolicyBuffers buffers) {
    try {
      PolicyBuffers.Buffer policy = buffers.join();
      long newest = policy.version().step();
      while (!done.get()) {
        PolicyVersion version = policy.version();
        for (int token = 0; token < 3; token++) {
          policy.drew();
          if (!policy.version().equals(version)) {
            throw new AssertionError(version + " became " + policy.version() + " in use");
          }
        }
        if (buffers.hasNewerThan(policy)) {
          PolicyBuffers.Buffer older = policy;
          policy = buffers.join();
          if (policy.version().step() <= newest) {
            throw new AssertionError("after step " + newest + " came " + policy.version());
          }
          newest = policy.version().step();
          buffers.leave(older);
        } else {
          Thread.onSpinWait();
        }
      }
      buffers.leave(policy);
    } catch (Throwable e) {
      failure.compareAndSet(null, e);
    }
  }
}
