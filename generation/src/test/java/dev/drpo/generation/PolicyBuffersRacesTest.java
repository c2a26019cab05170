package dev.drpo.generation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drpo.policy.checkpoint.PolicyDigest;
import dev.drpo.policy.checkpoint.PolicyVersion;
import dev.drpo.policy.decoder.Decoder;
import dev.drpo.testkit.Races;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Two threads that decode, a loader that loads nothing, and somebody who offers updates faster than
 * they can be taken into use.
 */
@Timeout(300)
class PolicyBuffersRacesTest {
  private static final int UPDATES = Races.usual() / 25;
  private static final int THREADS = 2;
  private static final PolicyDigest DIGEST = new PolicyDigest("00".repeat(32));

  /** Updates that may be on their way; many are superseded, and some are applied. */
  private static final int AHEAD = 2;

  private final AtomicLongArray inUse = new AtomicLongArray(THREADS);
  private final AtomicReference<Throwable> failure = new AtomicReference<>();
  private final AtomicBoolean done = new AtomicBoolean();
  private final CountDownLatch joined = new CountDownLatch(THREADS);

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
      for (int i = 0; i < THREADS; i++) {
        int thread = i;
        threads.add(Thread.ofPlatform().daemon().start(() -> decode(thread, buffers)));
      }
      // A thread that came later would begin with newer weights, and have nothing to change.
      joined.await();
      WeightUpdate last = null;
      for (int step = 1; step <= UPDATES && failure.get() == null; step++) {
        last = new WeightUpdate(new PolicyVersion(step, DIGEST), Path.of("none"));
        long offered = step;
        var _ =
            last.outcome()
                .thenAccept(
                    outcome -> {
                      if (outcome == WeightUpdateOutcome.APPLIED) {
                        applied.incrementAndGet();
                        requireAllUse(offered);
                      } else {
                        superseded.incrementAndGet();
                      }
                    });
        buffers.offer(last);
        if (step % AHEAD == 0) {
          await(last);
        }
      }
      await(last);
      done.set(true);
      for (Thread thread : threads) {
        thread.join();
      }
    }
    assertThat(failure.get()).isNull();
    assertThat(applied.get() + superseded.get()).isEqualTo(UPDATES);
    assertThat(applied.get()).isGreaterThanOrEqualTo(UPDATES / AHEAD);
  }

  private void await(WeightUpdate update) {
    while (!update.outcome().isDone() && failure.get() == null) {
      Thread.onSpinWait();
    }
  }

  private void requireAllUse(long step) {
    for (int thread = 0; thread < THREADS; thread++) {
      if (inUse.get(thread) < step) {
        failure.compareAndSet(
            null,
            new AssertionError(
                "step " + step + " was said to be applied while " + inUse + " were in use"));
      }
    }
  }

  private void decode(int thread, PolicyBuffers buffers) {
    try {
      PolicyBuffers.Buffer policy = buffers.join();
      joined.countDown();
      long newest = policy.version().step();
      while (!done.get() && failure.get() == null) {
        policy.drew();
        if (policy.version().step() != newest) {
          throw new AssertionError("step " + newest + " became " + policy.version() + " in use");
        }
        if (buffers.hasNewerThan(policy)) {
          PolicyBuffers.Buffer older = policy;
          policy = buffers.join();
          if (policy.version().step() <= newest) {
            throw new AssertionError("after step " + newest + " came " + policy.version());
          }
          newest = policy.version().step();
          inUse.set(thread, newest);
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
