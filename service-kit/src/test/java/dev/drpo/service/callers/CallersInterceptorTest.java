package dev.drpo.service.callers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drpo.proto.reward.v1.EvaluateRequest;
import dev.drpo.proto.reward.v1.EvaluateResponse;
import dev.drpo.proto.reward.v1.RewardServiceGrpc;
import dev.drpo.runtime.config.ConfigLoader;
import io.grpc.Attributes;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CallersInterceptorTest {
  private final Callers callers =
      new Callers(
          ConfigLoader.load(null, Map.of(), Map.of("callers.requests-at-once", "1")).callers(),
          System::nanoTime);
  private final CallersInterceptor interceptor = new CallersInterceptor(callers);

  @Test
  void whoHasTheAnswerMayAskAgainAtOnce() {
    for (int i = 0; i < 3; i++) {
      Answer answer = new Answer();
      // The caller has the answer before the server hears that it is sent, or that the call is
      // over.
      interceptor.interceptCall(
          answer,
          new Metadata(),
          (call, _) -> {
            call.close(Status.OK, new Metadata());
            return new ServerCall.Listener<>() {};
          });
      assertThat(answer.ends).containsExactly(Status.Code.OK);
    }
  }

  @Test
  void whoHasNoneYetWaits() {
    interceptor.interceptCall(
        new Answer(), new Metadata(), (_, _) -> new ServerCall.Listener<>() {});
    Answer second = new Answer();
    interceptor.interceptCall(second, new Metadata(), (_, _) -> new ServerCall.Listener<>() {});
    assertThat(second.ends).containsExactly(Status.Code.RESOURCE_EXHAUSTED);
  }

  /** Hears how the call ends, and nothing after. */
  private static final class Answer extends ServerCall<EvaluateRequest, EvaluateResponse> {
    private final List<Status.Code> ends = new ArrayList<>();

    @Override
    public void request(int messages) {}

    @Override
    public void sendHeaders(Metadata headers) {}

    @Override
    public void sendMessage(EvaluateResponse message) {}

    @Override
    public void close(Status status, Metadata trailers) {
      ends.add(status.getCode());
    }

    @Override
    public boolean isCancelled() {
      return false;
    }

    @Override
    public Attributes getAttributes() {
      return Attributes.EMPTY;
    }

    @Override
    public MethodDescriptor<EvaluateRequest, EvaluateResponse> getMethodDescriptor() {
      return RewardServiceGrpc.getEvaluateMethod();
    }
  }
}
