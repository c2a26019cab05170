package dev.drpo.service.callers;

import com.google.protobuf.MessageLite;
import dev.drpo.proto.reward.v1.RewardServiceGrpc;
import dev.drpo.proto.rollout.v1.RolloutServiceGrpc;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.quarkus.grpc.GlobalInterceptor;
import jakarta.inject.Singleton;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Set;

/**
 * Has gRPC's calls that cost something admitted: those of the judge, and all of a rollout replica's
 * but its status. What replicas ask of their learner is no caller's business, nor are health and
 * status.
 */
@Singleton
@GlobalInterceptor
class CallersInterceptor implements ServerInterceptor {
  private static final Set<String> ADMITTED =
      Set.of(RewardServiceGrpc.SERVICE_NAME, RolloutServiceGrpc.SERVICE_NAME);
  private static final String STATUS = RolloutServiceGrpc.getGetStatusMethod().getFullMethodName();
  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
  private static final Metadata.Key<String> RETRY_AFTER =
      Metadata.Key.of(CallerRefusedException.RETRY_AFTER, Metadata.ASCII_STRING_MARSHALLER);

  private final Callers callers;

  CallersInterceptor(Callers callers) {
    this.callers = callers;
  }

  @Override
  public <Q, R> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
    MethodDescriptor<Q, R> method = call.getMethodDescriptor();
    if (!ADMITTED.contains(method.getServiceName()) || STATUS.equals(method.getFullMethodName())) {
      return next.startCall(call, headers);
    }
    Callers.Call admitted;
    try {
      admitted = callers.begin(headers.get(AUTHORIZATION), address(call));
    } catch (CallerRefusedException refused) {
      refuse(call, refused);
      return new ServerCall.Listener<>() {};
    }
    Context context = CallInContext.with(admitted);
    ServerCall<Q, R> answered = new Answered<>(call, admitted);
    ServerCall.Listener<Q> asked = Contexts.interceptCall(context, answered, headers, next);
    return method.getType().clientSendsOneMessage()
        ? new OneRequest<>(asked, answered, admitted)
        : new Closing<>(asked, admitted);
  }

  private static String address(ServerCall<?, ?> call) {
    SocketAddress remote = call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR);
    return remote instanceof InetSocketAddress it && it.getAddress() != null
        ? it.getAddress().getHostAddress()
        : String.valueOf(remote);
  }

  private static void refuse(ServerCall<?, ?> call, CallerRefusedException refused) {
    Metadata trailers = new Metadata();
    refused
        .retryAfterSeconds()
        .ifPresent(pause -> trailers.put(RETRY_AFTER, String.valueOf(pause)));
    call.close(
        (refused.kind() == CallerRefusedException.Kind.UNKNOWN_CALLER
                ? Status.UNAUTHENTICATED
                : Status.RESOURCE_EXHAUSTED)
            .withDescription(refused.getMessage()),
        trailers);
  }

  /** Ends with its answer: who has it may ask again, and does not wait for what follows here. */
  private static final class Answered<Q, R> extends SimpleForwardingServerCall<Q, R> {
    private final Callers.Call admitted;

    Answered(ServerCall<Q, R> call, Callers.Call admitted) {
      super(call);
      this.admitted = admitted;
    }

    @Override
    public void close(Status status, Metadata trailers) {
      admitted.close();
      super.close(status, trailers);
    }
  }

  /** Closes the call when it has ended, however it did. */
  private static class Closing<Q> extends SimpleForwardingServerCallListener<Q> {
    private final Callers.Call admitted;

    Closing(ServerCall.Listener<Q> method, Callers.Call admitted) {
      super(method);
      this.admitted = admitted;
    }

    @Override
    public void onCancel() {
      admitted.close();
      super.onCancel();
    }

    @Override
    public void onComplete() {
      admitted.close();
      super.onComplete();
    }
  }

  /** The one message is the request; the method never hears of one that is refused. */
  private static final class OneRequest<Q> extends Closing<Q> {
    private final ServerCall<Q, ?> call;
    private final Callers.Call admitted;
    private boolean isRefused;

    OneRequest(ServerCall.Listener<Q> method, ServerCall<Q, ?> call, Callers.Call admitted) {
      super(method, admitted);
      this.call = call;
      this.admitted = admitted;
    }

    @Override
    public void onMessage(Q message) {
      try {
        admitted.request(message instanceof MessageLite sent ? sent.getSerializedSize() : 0);
      } catch (CallerRefusedException refused) {
        isRefused = true;
        refuse(call, refused);
        return;
      }
      super.onMessage(message);
    }

    @Override
    public void onHalfClose() {
      if (!isRefused) {
        super.onHalfClose();
      }
    }
  }
}
