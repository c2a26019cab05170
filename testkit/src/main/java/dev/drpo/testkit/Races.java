package dev.drpo.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Lets threads race for a state, again and again, and looks at what came of it each time. The
 * threads meet before each race, so that they are at it at once wherever there are processors for
 * them; states are made and looked at by the batch, in between.
 */
public final class Races {
  private static final int BATCH = 1000;

  /** A thread whose opponent has no processor goes ahead alone. */
  private static final int SPINS = 100;

  private static final int USUAL = 100_000;

  private Races() {}

  /**
   * How often to race: the system property {@code drpo.races}, or what a test suite has time for.
   */
  public static int usual() {
    return Integer.getInteger("drpo.races", USUAL);
  }

  private record Race<S>(S state, AtomicInteger there) {}

  /**
   * Races.
   *
   * @param races how often; rounded up to whole thousands
   * @param state makes what is raced for
   * @param verdict fails if what came of a race must not be
   * @param actors each on a thread of its own; what one throws fails the test
   */
  @SafeVarargs
  public static <S> void run(
      int races, Supplier<S> state, Consumer<S> verdict, Consumer<S>... actors) {
    AtomicReference<List<Race<S>>> batch = new AtomicReference<>();
    AtomicReference<Throwable> failure = new AtomicReference<>();
    CyclicBarrier barrier = new CyclicBarrier(actors.length + 1);
    List<Thread> threads = new ArrayList<>();
    for (Consumer<S> actor : actors) {
      threads.add(
          Thread.ofPlatform()
              .daemon()
              .start(
                  () -> {
                    for (await(barrier); batch.get() != null; await(barrier)) {
                      race(batch.get(), actor, actors.length, failure);
                      await(barrier);
                    }
                  }));
    }
    for (int done = 0; done < races && failure.get() == null; done += BATCH) {
      List<Race<S>> next = new ArrayList<>();
      for (int i = 0; i < BATCH; i++) {
        next.add(new Race<>(state.get(), new AtomicInteger()));
      }
      batch.set(next);
      await(barrier);
      await(barrier);
      if (failure.get() == null) {
        judge(next, verdict, failure);
      }
    }
    batch.set(null);
    await(barrier);
    threads.forEach(Races::join);
    if (failure.get() != null) {
      throw new AssertionError("a race ended as it must not", failure.get());
    }
  }

  private static <S> void race(
      List<Race<S>> batch, Consumer<S> actor, int actors, AtomicReference<Throwable> failure) {
    try {
      for (Race<S> race : batch) {
        race.there().incrementAndGet();
        for (int spins = 0; race.there().get() < actors && spins < SPINS; spins++) {
          Thread.onSpinWait();
        }
        actor.accept(race.state());
      }
    } catch (Throwable e) {
      failure.compareAndSet(null, e);
    }
  }

  private static <S> void judge(
      List<Race<S>> batch, Consumer<S> verdict, AtomicReference<Throwable> failure) {
    try {
      batch.forEach(race -> verdict.accept(race.state()));
    } catch (Throwable e) {
      failure.compareAndSet(null, e);
    }
  }

  private static void await(CyclicBarrier barrier) {
    try {
      barrier.await();
    } catch (InterruptedException | BrokenBarrierException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
