package dev.drpo.reward.call;

import dev.drpo.reward.RewardMeters;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Bounds the memory of all calls at hand. A call is charged for what it sends as it arrives, and
 * one that no longer fits is refused, so that no crowd of callers can exhaust the heap.
 *
 * <p>Of calls that arrive together each may hold a part of the room when it is full, and what a
 * refused one holds is returned only when its stream has closed: all of them could be refused. So
 * one call at a time may go beyond the capacity, by the largest message at most, and is answered.
 */
@Singleton
public final class Admission {
  /** Of the heap. A message may exist twice at once: as it came, and as it was read. */
  private static final int SHARE = 5;

  /** What a call costs beside its messages, roughly. */
  private static final int CALL_BYTES = 16 << 10;

  private final long capacityBytes;
  private final long reserveBytes;
  private final RewardMeters meters;
  private final AtomicLong chargedBytes = new AtomicLong();

  /** The one call that may draw on the reserve, or null. */
  private final AtomicReference<Charge> preferred = new AtomicReference<>();

  @Inject
  Admission(
      @ConfigProperty(name = "quarkus.grpc.server.max-inbound-message-size") int largestMessage,
      RewardMeters meters) {
    this(Runtime.getRuntime().maxMemory() / SHARE - largestMessage, largestMessage, meters);
  }

  /**
   * Admits calls of at most {@code capacityBytes} together, and {@code reserveBytes} more of one.
   */
  public Admission(long capacityBytes, long reserveBytes, RewardMeters meters) {
    this.capacityBytes = capacityBytes;
    this.reserveBytes = reserveBytes;
    this.meters = meters;
  }

  /**
   * Admits a call, which is charged for itself.
   *
   * @throws RefusedException with {@code RESOURCE_EXHAUSTED} if there is no room for it
   */
  public Charge admit() {
    Charge charge = new Charge();
    charge.add(CALL_BYTES);
    return charge;
  }

  /** Returns what the calls at hand hold. */
  public long chargedBytes() {
    return chargedBytes.get();
  }

  /** What one call holds of the room, until it is closed; safe for use by several threads. */
  public final class Charge implements AutoCloseable {
    private long bytes;
    private boolean closed;

    private Charge() {}

    /**
     * Charges for more bytes; for none once the charge is closed.
     *
     * @throws RefusedException with {@code RESOURCE_EXHAUSTED} if they do not fit; nothing is
     *     charged
     */
    public synchronized void add(long more) {
      if (closed) {
        return;
      }
      if (chargedBytes.addAndGet(more) > capacityBytes && !drawsOnReserve(more)) {
        chargedBytes.addAndGet(-more);
        meters.refusedForLoad();
        throw RefusedException.busy(capacityBytes);
      }
      bytes += more;
    }

    /** By what it holds itself, which no other call's attempts can change. */
    private boolean drawsOnReserve(long more) {
      return bytes + more <= reserveBytes + CALL_BYTES
          && bytes > 0
          && (preferred.get() == this || preferred.compareAndSet(null, this));
    }

    /** Returns the room of bytes that are done with. */
    public synchronized void subtract(long done) {
      if (!closed) {
        chargedBytes.addAndGet(-done);
        bytes -= done;
        preferred.compareAndSet(this, null);
      }
    }

    /** Returns all that is held. */
    @Override
    public synchronized void close() {
      closed = true;
      chargedBytes.addAndGet(-bytes);
      bytes = 0;
      preferred.compareAndSet(this, null);
    }
  }
}
