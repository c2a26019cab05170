package dev.drpo.runtime.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drpo.runtime.process.Threads;
import dev.drpo.testkit.Races;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A holder that settles its lease while the queue takes it back, or while another thread does. */
class LeaseRacesTest {
  private static final int RACES = Races.usual();

  private static final class Held {
    final Lease<String> lease = new Lease<>("record", 1);
    final AtomicInteger refusals = new AtomicInteger();
    boolean withdrawn;

    void settle(Runnable settlement) {
      try {
        settlement.run();
      } catch (IllegalStateException e) {
        refusals.incrementAndGet();
      }
    }

    Settlement settlement() {
      try {
        return lease.await(Threads.ofPlatform(), Duration.ZERO).orElseThrow();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  @Test
  void aLeaseIsEitherCompletedOrWithdrawnAndBothSidesKnowWhich() {
    AtomicInteger completed = new AtomicInteger();
    Races.run(
        RACES,
        Held::new,
        held -> {
          Settlement settlement = held.settlement();
          boolean isComplete = settlement instanceof Settlement.Complete;
          if (held.withdrawn == isComplete || held.refusals.get() != 0 || held.lease.held()) {
            throw new AssertionError(settlement + ", withdrawn " + held.withdrawn);
          }
          completed.addAndGet(isComplete ? 1 : 0);
        },
        held -> held.settle(held.lease::complete),
        held -> held.withdrawn = held.lease.withdraw());
    // Both happened, or nothing was raced for.
    assertThat(completed.get()).isBetween(1, RACES - 1);
  }

  @Test
  void ofTwoSettlementsOneHoldsAndTheOtherIsRefused() {
    Races.run(
        RACES,
        Held::new,
        held -> {
          if (held.refusals.get() != 1) {
            throw new AssertionError(held.settlement() + ", " + held.refusals + " refusals");
          }
        },
        held -> held.settle(held.lease::complete),
        held -> held.settle(held.lease::release));
  }
}
