package dev.drpo.runtime.messaging;

import dev.drpo.runtime.process.Threads;
import dev.drpo.runtime.tracing.TraceContext;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/**
 * A record that this process works on and nobody else does. The queue renews it until it is settled
 * by exactly one of {@link #complete}, {@link #release} and {@link #reject}, from any thread; none
 * of them blocks.
 *
 * <p>A lease is lost when it can't be renewed in time, as during an outage of the broker. The
 * record is then delivered to somebody else, settling has no effect, and results may exist twice;
 * they are told apart by the identity in the record.
 */
public final class Lease<T> {
  private final T value;
  private final int delivery;
  private final TraceContext trace;
  private final CompletableFuture<Settlement> settlement = new CompletableFuture<>();

  Lease(T value, int delivery) {
    this(value, delivery, TraceContext.NONE);
  }

  Lease(T value, int delivery, TraceContext trace) {
    this.value = value;
    this.delivery = delivery;
    this.trace = trace;
  }

  public T value() {
    return value;
  }

  /** How often the record has been delivered, this time included: 1 for the first. */
  public int delivery() {
    return delivery;
  }

  /** Where the record stands in a trace. */
  public TraceContext trace() {
    return trace;
  }

  /** False once the lease is settled or lost. */
  public boolean held() {
    return !settlement.isDone();
  }

  /** Acknowledges the record. To be called after its result is published. */
  public void complete() {
    settle(new Settlement.Complete());
  }

  /** Gives the record back for another worker, now. Counts as one of its deliveries. */
  public void release() {
    settle(new Settlement.Release());
  }

  /**
   * Puts the record, with the reason, among the dead letters, for it will never be of use to
   * anybody.
   *
   * @param reason what is wrong with the record, for a person
   */
  public void reject(String reason) {
    settle(new Settlement.Reject(reason));
  }

  private void settle(Settlement how) {
    if (settlement.complete(how)) {
      return;
    }
    Settlement earlier = settlement.join();
    if (!(earlier instanceof Settlement.Withdrawn)) {
      throw new IllegalStateException(
          "a lease is settled once, but this one was settled by " + earlier + " and then " + how);
    }
  }

  /** Ends the lease against its holder. Returns false if the holder has settled it before. */
  boolean withdraw() {
    return settlement.complete(new Settlement.Withdrawn());
  }

  /** Waits for the settlement; empty if there is none in time. */
  Optional<Settlement> await(Threads threads, Duration patience) throws InterruptedException {
    try {
      return Optional.of(threads.get(settlement, patience));
    } catch (TimeoutException e) {
      return Optional.empty();
    } catch (ExecutionException e) {
      throw new IllegalStateException("settlements complete normally", e);
    }
  }
}
