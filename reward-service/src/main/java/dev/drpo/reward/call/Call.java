package dev.drpo.reward.call;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * One call over gRPC or HTTP while it is answered: until when its caller waits, whether the caller
 * is still there, what its messages weigh, and the event loop on which it is written to. Work on
 * other threads asks it whether to go on and hands its results over to it; everything else belongs
 * to the event loop.
 */
public final class Call {
  private static final String KEY = Call.class.getName();

  private final Context context;
  private final Optional<Deadline> deadline;
  private final Admission admission;
  private final List<Runnable> atEnd = new ArrayList<>();

  /** Bytes of the messages that have arrived and are not yet taken, in order. */
  private final Deque<Long> arrived = new ArrayDeque<>();

  private Consumer<RefusedException> refusal;
  private long chargedBytes;
  private boolean refused;
  private volatile boolean ended;

  private Call(Context context, Optional<Deadline> deadline, Admission admission) {
    this.context = context;
    this.deadline = deadline;
    this.admission = admission;
  }

  /** Makes a call known to whoever handles its request on this event loop. */
  static Call open(Optional<Deadline> deadline, Admission admission) {
    Context context = Vertx.currentContext();
    Call call = new Call(context, deadline, admission);
    context.putLocal(KEY, call);
    return call;
  }

  /** The call that the present event loop is handling, if it is. */
  static Optional<Call> underWay() {
    Context context = Vertx.currentContext();
    return Optional.ofNullable(context == null ? null : context.getLocal(KEY));
  }

  /** The call that the present event loop is handling, in a gRPC method. */
  public static Call current() {
    return underWay()
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "a gRPC method must be called on its HTTP request's context"));
  }

  /** The call that a route handles. */
  public static Call of(RoutingContext request) {
    return request.get(KEY);
  }

  /**
   * Follows the request on its way through the routes.
   *
   * @param inItsWay tells the caller why the call is refused
   */
  void attach(RoutingContext request, Consumer<RefusedException> inItsWay) {
    refusal = inItsWay;
    request.put(KEY, this);
    request.addEndHandler(result -> end());
  }

  /**
   * Charges for bytes that are kept until the call ends.
   *
   * @throws RefusedException if there is no room for them
   */
  void charge(long bytes) {
    admission.enter(bytes);
    chargedBytes += bytes;
  }

  /**
   * Charges for a message that arrives.
   *
   * @throws RefusedException if there is no room for it
   */
  void chargeMessage(long bytes) {
    charge(bytes);
    arrived.add(bytes);
  }

  /** Takes the next message that has arrived, of a stream that returns what it has done with. */
  public long takeMessage() {
    return arrived.remove();
  }

  /** Returns the room of a message that was taken. */
  public void finishMessage(long bytes) {
    if (!ended) {
      admission.leave(bytes);
      chargedBytes -= bytes;
    }
  }

  /** Ends the call with a reason, unless it is over. */
  void refuse(RefusedException reason) {
    if (!refused && !ended) {
      refused = true;
      refusal.accept(reason);
    }
  }

  boolean isRefused() {
    return refused;
  }

  /**
   * Says whether the work for this call is still wanted; asked between pieces of work.
   *
   * @param done what has been done so far, for the caller
   * @throws RefusedException with {@code DEADLINE_EXCEEDED} or {@code CANCELLED} if it is not
   */
  public void requireInterest(String done) {
    if (ended) {
      throw RefusedException.cancelled();
    }
    if (deadline.isPresent() && deadline.get().isOver()) {
      throw RefusedException.late(done);
    }
  }

  /** Whether the call is over, by an answer or because its caller left. */
  boolean isEnded() {
    return ended;
  }

  /**
   * Writes to the caller, later, on the event loop; never to one who has left, since an answer on a
   * stream that its caller has reset closes the connection under its other calls.
   */
  public void reply(Runnable write) {
    context.runOnContext(
        ignored -> {
          // On the stream's event loop, the stream can't end between the look and the write.
          if (!ended && !refused) {
            write.run();
          }
        });
  }

  /** Runs an action when the call is over; to be called on the event loop. */
  public void whenEnded(Runnable action) {
    if (ended) {
      action.run();
    } else {
      atEnd.add(action);
    }
  }

  private void end() {
    if (ended) {
      return;
    }
    ended = true;
    admission.leave(chargedBytes);
    atEnd.forEach(Runnable::run);
    atEnd.clear();
  }
}
