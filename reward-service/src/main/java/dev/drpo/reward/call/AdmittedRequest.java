package dev.drpo.reward.call;

import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.impl.HttpServerRequestInternal;
import io.vertx.core.http.impl.HttpServerRequestWrapper;

/**
 * A request whose body reaches its reader only as far as it is admitted. Once the call is refused
 * the reader hears nothing more, and what still arrives is dropped.
 */
final class AdmittedRequest extends HttpServerRequestWrapper {
  private final Call call;
  private final Intake intake;

  /** Takes a body in before its reader gets it; fails with what the caller is then told. */
  interface Intake {
    void receive(Buffer chunk, Handler<Buffer> reader);

    /** The body is over. */
    default void end() {}
  }

  AdmittedRequest(HttpServerRequest request, Call call, Intake intake) {
    super((HttpServerRequestInternal) request);
    this.call = call;
    this.intake = intake;
  }

  @Override
  public HttpServerRequest handler(Handler<Buffer> reader) {
    super.handler(reader == null ? null : chunk -> receive(chunk, reader));
    return this;
  }

  @Override
  public HttpServerRequest endHandler(Handler<Void> reader) {
    super.endHandler(
        reader == null
            ? null
            : _ -> {
              intake.end();
              if (!call.isRefused()) {
                reader.handle(null);
              }
            });
    return this;
  }

  private void receive(Buffer chunk, Handler<Buffer> reader) {
    if (call.isRefused() || call.isEnded()) {
      return;
    }
    try {
      intake.receive(chunk, reader);
    } catch (RefusedException refused) {
      call.refuse(refused);
    }
  }
}
