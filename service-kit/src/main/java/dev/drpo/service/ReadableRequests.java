package dev.drpo.service;

import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.ServerCall;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.InputStream;
import java.util.List;

/**
 * Tells callers why a message is refused. gRPC's own server answers {@code UNKNOWN} and logs a
 * stack trace for whatever fails while a message is read, one that is too large once it is
 * decompressed included.
 */
public final class ReadableRequests {
  private ReadableRequests() {}

  /** The same service, whose calls end with the reason when a message can't be read. */
  public static ServerServiceDefinition of(ServerServiceDefinition service) {
    List<? extends ServerMethodDefinition<?, ?>> methods =
        service.getMethods().stream().map(ReadableRequests::readable).toList();
    ServiceDescriptor described = service.getServiceDescriptor();
    ServiceDescriptor.Builder descriptor =
        ServiceDescriptor.newBuilder(described.getName())
            .setSchemaDescriptor(described.getSchemaDescriptor());
    methods.forEach(method -> descriptor.addMethod(method.getMethodDescriptor()));
    ServerServiceDefinition.Builder readable = ServerServiceDefinition.builder(descriptor.build());
    methods.forEach(readable::addMethod);
    return readable.build();
  }

  /** A method whose messages are requests, or the {@link Status} of what could not be read. */
  @SuppressWarnings("unchecked")
  private static <Q, R> ServerMethodDefinition<Object, R> readable(
      ServerMethodDefinition<Q, R> method) {
    MethodDescriptor<Q, R> described = method.getMethodDescriptor();
    return ServerMethodDefinition.create(
        described.toBuilder(
                new Reader<>(described.getRequestMarshaller()), described.getResponseMarshaller())
            .build(),
        (call, headers) ->
            new Listener<>(
                call, method.getServerCallHandler().startCall((ServerCall<Q, R>) call, headers)));
  }

  private record Reader<Q>(Marshaller<Q> marshaller) implements Marshaller<Object> {
    @Override
    @SuppressWarnings("unchecked")
    public InputStream stream(Object request) {
      return marshaller.stream((Q) request);
    }

    @Override
    public Object parse(InputStream message) {
      try {
        return marshaller.parse(message);
      } catch (StatusRuntimeException e) {
        return e.getStatus().getCode() == Status.Code.RESOURCE_EXHAUSTED
            ? e.getStatus()
            : Status.INVALID_ARGUMENT.withDescription(
                "the message can't be parsed; send one of the type that the method takes");
      }
    }
  }

  private static final class Listener<Q> extends ServerCall.Listener<Object> {
    private final ServerCall<?, ?> call;
    private final ServerCall.Listener<Q> method;
    private boolean refused;

    Listener(ServerCall<?, ?> call, ServerCall.Listener<Q> method) {
      this.call = call;
      this.method = method;
    }

    @Override
    @SuppressWarnings("unchecked")
    public void onMessage(Object message) {
      if (message instanceof Status unreadable) {
        refused = true;
        call.close(unreadable, new Metadata());
      } else if (!refused) {
        method.onMessage((Q) message);
      }
    }

    @Override
    public void onHalfClose() {
      if (!refused) {
        method.onHalfClose();
      }
    }

    @Override
    public void onCancel() {
      method.onCancel();
    }

    @Override
    public void onComplete() {
      method.onComplete();
    }

    @Override
    public void onReady() {
      method.onReady();
    }
  }
}
