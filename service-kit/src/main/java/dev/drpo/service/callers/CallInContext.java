package dev.drpo.service.callers;

import io.grpc.Context;

/** The call that is handled in the present context, for streams, which count their own messages. */
public final class CallInContext {
  private static final Context.Key<Callers.Call> CURRENT = Context.key("caller");

  private CallInContext() {}

  static Context with(Callers.Call call) {
    return Context.current().withValue(CURRENT, call);
  }

  /** The call that this thread handles. */
  public static Callers.Call current() {
    return CURRENT.get();
  }
}
