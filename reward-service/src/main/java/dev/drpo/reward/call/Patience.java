package dev.drpo.reward.call;

import io.vertx.core.Vertx;
import java.time.Duration;

/**
 * Refuses a call that begins to send and does not go on, since it holds room for what is to come.
 */
final class Patience {
  private static final Duration LONGEST_MESSAGE = Duration.ofSeconds(30);
  private static final long NONE = -1;

  private final Vertx vertx;
  private final Call call;
  private long timer = NONE;

  Patience(Vertx vertx, Call call) {
    this.vertx = vertx;
    this.call = call;
    call.whenEnded(this::end);
  }

  /** A message has begun, perhaps before. */
  void begin() {
    if (timer == NONE) {
      timer =
          vertx.setTimer(
              LONGEST_MESSAGE.toMillis(),
              ignored -> call.refuse(RefusedException.stalled(LONGEST_MESSAGE)));
    }
  }

  /** The message is complete. */
  void end() {
    if (timer != NONE) {
      vertx.cancelTimer(timer);
      timer = NONE;
    }
  }
}
