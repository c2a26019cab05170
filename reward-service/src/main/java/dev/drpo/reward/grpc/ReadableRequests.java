package dev.drpo.reward.grpc;

import dev.drpo.reward.call.RefusedException;
import io.grpc.MethodDescriptor;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.InputStream;

/**
 * Tells callers why a message can't be read. gRPC's own server answers whatever fails while a
 * message is read with {@code UNKNOWN}, one that grows too large when it is decompressed included.
 */
final class ReadableRequests {
  private ReadableRequests() {}

  /**
   * The same service, which refuses what it can't read by the reason; but its streams get null for
   * a message that can't be parsed.
   *
   * @param largestMessage in bytes, for the caller to know
   */
  static ServerServiceDefinition of(ServerServiceDefinition service, int largestMessage) {
    ServiceDescriptor described = service.getServiceDescriptor();
    ServiceDescriptor.Builder descriptor =
        ServiceDescriptor.newBuilder(described.getName())
            .setSchemaDescriptor(described.getSchemaDescriptor());
    var methods =
        service.getMethods().stream().map(method -> readable(method, largestMessage)).toList();
    methods.forEach(method -> descriptor.addMethod(method.getMethodDescriptor()));
    ServerServiceDefinition.Builder readable = ServerServiceDefinition.builder(descriptor.build());
    methods.forEach(readable::addMethod);
    return readable.build();
  }

  private static <Q, R> ServerMethodDefinition<Q, R> readable(
      ServerMethodDefinition<Q, R> method, int largestMessage) {
    MethodDescriptor<Q, R> described = method.getMethodDescriptor();
    Reader<Q> reader =
        new Reader<>(
            described.getRequestMarshaller(),
            described.getType().clientSendsOneMessage(),
            largestMessage);
    return ServerMethodDefinition.create(
        described.toBuilder(reader, described.getResponseMarshaller()).build(),
        method.getServerCallHandler());
  }

  private record Reader<T>(
      MethodDescriptor.Marshaller<T> marshaller, boolean onlyMessage, int largestMessage)
      implements MethodDescriptor.Marshaller<T> {
    @Override
    public InputStream stream(T value) {
      return marshaller.stream(value);
    }

    @Override
    public T parse(InputStream message) {
      try {
        return marshaller.parse(message);
      } catch (StatusRuntimeException unreadable) {
        if (unreadable.getStatus().getCode() == Status.Code.RESOURCE_EXHAUSTED) {
          Intake.current().refuse(RefusedException.tooLarge(largestMessage));
        } else if (onlyMessage) {
          Intake.current().refuse(malformed());
        }
        return null;
      }
    }
  }

  /** A message is not of its method's type. */
  static RefusedException malformed() {
    return RefusedException.invalid(
        "the message can't be parsed; send one of the type that the method takes");
  }
}
