package dev.drpo.reward.grpc;

import dev.drpo.reward.call.Admission;
import dev.drpo.reward.call.RefusedException;
import io.grpc.Context;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * What a call sends, while it arrives. The bytes of a message are charged as they come, before the
 * message is whole; a call is refused when there is no room for them, or when it begins a message
 * and does not go on, since it holds room for what is to come.
 */
final class Intake extends ServerStreamTracer {
  private static final Context.Key<Intake> CURRENT = Context.key("intake");

  private final int largestMessage;
  private final Duration patience;
  private final ScheduledExecutorService timers;
  private final Runnable whenClosed;

  /** Null if the call did not fit when it began. */
  private final Admission.Charge charge;

  /** Bytes of the messages that have arrived and are not yet taken, in order. */
  private final Deque<Long> arrived = new ArrayDeque<>();

  private long arriving;
  private Future<?> stall;
  private ServerCall<?, ?> call;
  private RefusedException refusal;
  private boolean over;

  /**
   * Begins with a call that has not sent a message.
   *
   * @param largestMessage in bytes
   * @param patience how long a message may take from its first byte to its last
   * @param whenClosed run once, when the call has ended
   */
  Intake(
      Admission admission,
      int largestMessage,
      Duration patience,
      ScheduledExecutorService timers,
      Runnable whenClosed) {
    this.largestMessage = largestMessage;
    this.patience = patience;
    this.timers = timers;
    this.whenClosed = whenClosed;
    Admission.Charge admitted = null;
    try {
      admitted = admission.admit();
    } catch (RefusedException busy) {
      refusal = busy;
    }
    this.charge = admitted;
  }

  /** The intake of the call that is handled in the present context. */
  static Intake current() {
    return CURRENT.get();
  }

  @Override
  public Context filterContext(Context context) {
    return context.withValue(CURRENT, this);
  }

  /** The same call, which says nothing more once it is refused; that may be now. */
  synchronized <Q, R> ServerCall<Q, R> begin(ServerCall<Q, R> begun) {
    call = begun;
    if (refusal != null) {
      over = true;
      begun.close(refusal.toStatus(), new Metadata());
    }
    return new Refusable<>(begun);
  }

  /** Ends the call with a reason, unless it is over. */
  synchronized void refuse(RefusedException reason) {
    if (over || refusal != null) {
      return;
    }
    refusal = reason;
    if (call != null) {
      over = true;
      call.close(reason.toStatus(), new Metadata());
    }
  }

  synchronized boolean isRefused() {
    return refusal != null;
  }

  @Override
  public synchronized void inboundMessage(int seqNo) {
    if (!isRefused()) {
      stall =
          timers.schedule(
              () -> refuse(RefusedException.stalled(patience)),
              patience.toNanos(),
              TimeUnit.NANOSECONDS);
    }
  }

  @Override
  public synchronized void inboundWireSize(long bytes) {
    charge(bytes);
  }

  @Override
  public synchronized void inboundMessageRead(int seqNo, long wireSize, long uncompressedSize) {
    endStall();
    if (uncompressedSize < 0) {
      // What a compressed message holds is known only when it has been read.
      charge(largestMessage - wireSize);
    }
    arrived.add(arriving);
    arriving = 0;
  }

  /** Takes the next message that has arrived, of a stream that returns what it has done with. */
  synchronized long takeMessage() {
    return arrived.remove();
  }

  /** Returns the room of a message that was taken. */
  void finishMessage(long bytes) {
    charge.subtract(bytes);
  }

  @Override
  public void streamClosed(Status status) {
    synchronized (this) {
      over = true;
      endStall();
      if (charge != null) {
        charge.close();
      }
    }
    whenClosed.run();
  }

  private void charge(long bytes) {
    if (isRefused()) {
      return;
    }
    try {
      charge.add(bytes);
      arriving += bytes;
    } catch (RefusedException busy) {
      refuse(busy);
    }
  }

  private void endStall() {
    if (stall != null) {
      stall.cancel(false);
      stall = null;
    }
  }

  /** A refusal comes on another thread than the call's own, whose words it must not mix with. */
  private final class Refusable<Q, R> extends SimpleForwardingServerCall<Q, R> {
    Refusable(ServerCall<Q, R> call) {
      super(call);
    }

    @Override
    public void request(int messages) {
      if (!isRefused()) {
        super.request(messages);
      }
    }

    @Override
    public void sendHeaders(Metadata headers) {
      synchronized (Intake.this) {
        if (!isRefused()) {
          super.sendHeaders(headers);
        }
      }
    }

    @Override
    public void sendMessage(R message) {
      synchronized (Intake.this) {
        if (!isRefused()) {
          super.sendMessage(message);
        }
      }
    }

    @Override
    public void close(Status status, Metadata trailers) {
      synchronized (Intake.this) {
        if (!isRefused()) {
          over = true;
          super.close(status, trailers);
        }
      }
    }
  }
}
