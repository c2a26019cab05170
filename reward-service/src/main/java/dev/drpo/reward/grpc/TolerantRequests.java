package dev.drpo.reward.grpc;

import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.KnownLength;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.InputStream;

/**
 * Lets a service answer messages that are not what its methods take. The server that shares the
 * port of HTTP would lose such a message without a trace: a stream would miss a result, and a call
 * would end as if the service were at fault.
 */
final class TolerantRequests {
  private TolerantRequests() {}

  /**
   * The same service, whose streams get null for a message that can't be parsed, and whose other
   * methods answer it, and a call without a message, with {@code INVALID_ARGUMENT}.
   *
   * @param largestMessage in bytes, which a compressed message keeps to when it is decompressed
   */
  static ServerServiceDefinition of(ServerServiceDefinition service, int largestMessage) {
    ServiceDescriptor described = service.getServiceDescriptor();
    ServiceDescriptor.Builder descriptor =
        ServiceDescriptor.newBuilder(described.getName())
            .setSchemaDescriptor(described.getSchemaDescriptor());
    var methods =
        service.getMethods().stream().map(method -> tolerant(method, largestMessage)).toList();
    methods.forEach(method -> descriptor.addMethod(method.getMethodDescriptor()));
    ServerServiceDefinition.Builder tolerant = ServerServiceDefinition.builder(descriptor.build());
    methods.forEach(tolerant::addMethod);
    return tolerant.build();
  }

  private static <Q, R> ServerMethodDefinition<Q, R> tolerant(
      ServerMethodDefinition<Q, R> method, int largestMessage) {
    MethodDescriptor<Q, R> strict = method.getMethodDescriptor();
    return ServerMethodDefinition.create(
        strict.<Q, R>toBuilder(
                new NullIfMalformed<>(strict.getRequestMarshaller(), largestMessage),
                strict.getResponseMarshaller())
            .build(),
        (call, headers) ->
            method
                .getServerCallHandler()
                .startCall(new BlamingTheCaller<>(call, largestMessage), headers));
  }

  private record NullIfMalformed<T>(MethodDescriptor.Marshaller<T> marshaller, int largestMessage)
      implements MethodDescriptor.Marshaller<T> {
    @Override
    public InputStream stream(T value) {
      return marshaller.stream(value);
    }

    @Override
    public T parse(InputStream stream) {
      // A message that is not compressed was weighed when it came.
      InputStream bounded =
          stream instanceof KnownLength ? stream : new BoundedStream(stream, largestMessage);
      try {
        return marshaller.parse(bounded);
      } catch (StatusRuntimeException malformed) {
        return null;
      }
    }
  }

  private static final class BlamingTheCaller<Q, R> extends SimpleForwardingServerCall<Q, R> {
    /** How gRPC's own code closes a call that ends without a message. */
    private static final String NO_REQUEST = "Half-closed without a request";

    private final int largestMessage;

    BlamingTheCaller(ServerCall<Q, R> call, int largestMessage) {
      super(call);
      this.largestMessage = largestMessage;
    }

    @Override
    public void close(Status status, Metadata trailers) {
      boolean noRequest =
          status.getCode() == Status.Code.INTERNAL && NO_REQUEST.equals(status.getDescription());
      super.close(
          noRequest
              ? Status.INVALID_ARGUMENT.withDescription(
                  "the call has no message that can be parsed; send one of the type that %s takes, of at most %d bytes when decompressed"
                      .formatted(getMethodDescriptor().getFullMethodName(), largestMessage))
              : status,
          trailers);
    }
  }
}
