package dev.drpo.reward.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drpo.proto.records.v1.Outcome;
import dev.drpo.proto.reward.v1.EvaluateRequest;
import dev.drpo.proto.reward.v1.EvaluateResponse;
import dev.drpo.proto.reward.v1.RewardServiceGrpc;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.junit.jupiter.api.Test;

/**
 * Many clients at once, each on a connection of its own. By hand, {@code -Dload.seconds=60} makes
 * it a load test, {@code -Dload.target=host:port} of a service that runs elsewhere.
 */
@QuarkusTest
class ConcurrentClientsTest {
  private static final Logger LOG = Logger.getLogger(ConcurrentClientsTest.class);
  private static final int CLIENTS = 64;
  private static final Duration DURATION =
      Duration.ofSeconds(Integer.getInteger("load.seconds", 3));

  /** Answers of every fate, the dear ones included. */
  private static final List<String> ANSWERS =
      List.of("7", "14/2", "\\frac{21}{3}", "8", "x", "", "9^{9^{9^9}}", "1e999999999", "700\\%");

  @ConfigProperty(name = "quarkus.grpc.server.test-port")
  int port;

  @Test
  void manyClientsAtOnceAllGetTheirAnswers() throws Exception {
    String target = System.getProperty("load.target", "localhost:" + port);
    Instant end = Instant.now().plus(DURATION);
    List<Future<long[]>> clients = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < CLIENTS; i++) {
        clients.add(threads.submit(client(target, end)));
      }
    }
    long[] nanos =
        clients.stream().flatMapToLong(client -> Arrays.stream(client.resultNow())).toArray();
    Arrays.sort(nanos);
    LOG.infof(
        "%d clients, %d calls in %s without an error: %.0f calls/s, p50 %.2f ms, p99 %.2f ms, max %.2f ms",
        CLIENTS,
        nanos.length,
        DURATION,
        nanos.length / (double) DURATION.toSeconds(),
        nanos[nanos.length / 2] / 1e6,
        nanos[(int) (nanos.length * 0.99)] / 1e6,
        nanos[nanos.length - 1] / 1e6);
    assertThat(nanos).hasSizeGreaterThan(CLIENTS);
  }

  /** Calls until the end and returns the nanoseconds of every call; fails at the first error. */
  private static Callable<long[]> client(String target, Instant end) {
    return () -> {
      ManagedChannel channel = ManagedChannelBuilder.forTarget(target).usePlaintext().build();
      try {
        RewardServiceGrpc.RewardServiceBlockingStub judge =
            RewardServiceGrpc.newBlockingStub(channel);
        long[] nanos = new long[1024];
        int calls = 0;
        while (Instant.now().isBefore(end)) {
          if (calls == nanos.length) {
            nanos = Arrays.copyOf(nanos, 2 * calls);
          }
          String answer = ANSWERS.get(calls % ANSWERS.size());
          long start = System.nanoTime();
          EvaluateResponse response =
              judge
                  .withDeadlineAfter(30, TimeUnit.SECONDS)
                  .evaluate(
                      EvaluateRequest.newBuilder()
                          .setResponse("<think> so </think> \\boxed{" + answer + "}")
                          .addGolds("7")
                          .build());
          nanos[calls++] = System.nanoTime() - start;
          assertThat(response.getVerdict().getOutcome()).isNotEqualTo(Outcome.OUTCOME_UNSPECIFIED);
        }
        return Arrays.copyOf(nanos, calls);
      } finally {
        channel.shutdownNow();
      }
    };
  }
}
