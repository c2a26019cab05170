package dev.drpo.cli.run;

import dev.drpo.proto.rollout.v1.GetStatusRequest;
import dev.drpo.proto.rollout.v1.GetStatusResponse;
import dev.drpo.proto.rollout.v1.RolloutServiceGrpc;
import dev.drpo.runtime.config.TlsConfig;
import dev.drpo.runtime.tls.GrpcTls;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;

/** Asks the rollout replicas on this machine how many tokens each has drawn. */
final class ReplicaTokens implements AutoCloseable {
  private static final int PATIENCE_SECONDS = 2;

  private final SortedMap<String, IntSupplier> ports;
  private final TlsConfig tls;
  private final Map<String, Connection> connections = new HashMap<>();

  private record Connection(int port, ManagedChannel channel) {}

  /**
   * Connects when first asked.
   *
   * @param ports of the replicas' gRPC servers at present, by their names: a replica that is
   *     replaced gets another
   */
  ReplicaTokens(Map<String, IntSupplier> ports, TlsConfig tls) {
    this.ports = new TreeMap<>(ports);
    this.tls = tls;
  }

  /**
   * Tokens that each replica has drawn since it started, by name; empty for one that has no weights
   * yet or does not answer within two seconds. All are asked at once.
   */
  SortedMap<String, OptionalLong> poll() throws InterruptedException {
    Map<String, Future<GetStatusResponse>> calls = new TreeMap<>();
    ports.forEach((name, port) -> calls.put(name, ask(name, port.getAsInt())));
    SortedMap<String, OptionalLong> tokens = new TreeMap<>();
    for (Map.Entry<String, Future<GetStatusResponse>> call : calls.entrySet()) {
      tokens.put(call.getKey(), answer(call.getValue()));
    }
    return tokens;
  }

  private Future<GetStatusResponse> ask(String name, int port) {
    Connection connection = connections.get(name);
    if (connection == null || connection.port() != port) {
      if (connection != null) {
        connection.channel().shutdownNow();
      }
      connection = new Connection(port, GrpcTls.channel("127.0.0.1:" + port, tls).build());
      connections.put(name, connection);
    }
    return RolloutServiceGrpc.newFutureStub(connection.channel())
        .withDeadlineAfter(PATIENCE_SECONDS, TimeUnit.SECONDS)
        .getStatus(GetStatusRequest.getDefaultInstance());
  }

  private static OptionalLong answer(Future<GetStatusResponse> call) throws InterruptedException {
    try {
      return OptionalLong.of(call.get().getTokens());
    } catch (ExecutionException e) {
      if (e.getCause() instanceof StatusRuntimeException) {
        return OptionalLong.empty();
      }
      throw new IllegalStateException("a replica could not be asked for its status", e);
    }
  }

  @Override
  public void close() {
    connections.values().forEach(connection -> connection.channel().shutdownNow());
  }
}
