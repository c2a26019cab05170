package dev.drpo.reward.call;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One call over gRPC or HTTP while it is answered: until when its caller waits, whether the caller
 * is still there, and the event loop on which it is written to. Work on other threads asks it
 * whether to go on and hands its results over to it.
 */
public final class Call {
  private static final String KEY = Call.class.getName();

  private final Context context;
  private final Optional<Deadline> deadline;

  /** Touched on the event loop alone. */
  private final List<Runnable> atEnd = new ArrayList<>();

  private volatile boolean ended;

  private Call(Context context, Optional<Deadline> deadline) {
    this.context = context;
    this.deadline = deadline;
  }

  /** Makes the call known to whoever handles the request on this event loop. */
  static void attach(RoutingContext request, Optional<Deadline> deadline) {
    Context context = Vertx.currentContext();
    Call call = new Call(context, deadline);
    request.addEndHandler(result -> call.end());
    context.putLocal(KEY, call);
    request.put(KEY, call);
  }

  /** The call that the present event loop is handling, in a gRPC method. */
  public static Call current() {
    Context context = Vertx.currentContext();
    Call call = context == null ? null : context.getLocal(KEY);
    if (call == null) {
      throw new IllegalStateException("a gRPC method must be called on its HTTP request's context");
    }
    return call;
  }

  /** The call that a route handles. */
  public static Call of(RoutingContext request) {
    return request.get(KEY);
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
  public boolean isEnded() {
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
          if (!ended) {
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
    ended = true;
    atEnd.forEach(Runnable::run);
    atEnd.clear();
  }
}
