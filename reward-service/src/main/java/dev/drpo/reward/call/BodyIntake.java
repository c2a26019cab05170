package dev.drpo.reward.call;

import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;

/** Charges for a body of JSON as it comes. */
final class BodyIntake implements AdmittedRequest.Intake {
  /** The text, its tree and its message exist at once. */
  private static final int COPIES = 3;

  private final Call call;
  private final Patience patience;

  BodyIntake(Call call, Patience patience) {
    this.call = call;
    this.patience = patience;
  }

  @Override
  public void receive(Buffer chunk, Handler<Buffer> reader) {
    patience.begin();
    call.charge((long) COPIES * chunk.length());
    reader.handle(chunk);
  }

  @Override
  public void end() {
    patience.end();
  }
}
