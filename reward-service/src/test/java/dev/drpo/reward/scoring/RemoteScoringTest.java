package dev.drpo.reward.scoring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drpo.proto.records.v1.Outcome;
import dev.drpo.proto.records.v1.RolloutGroup;
import dev.drpo.proto.records.v1.ScoredGroup;
import dev.drpo.proto.records.v1.Verdict;
import dev.drpo.proto.reward.v1.EvaluateRequest;
import dev.drpo.proto.reward.v1.EvaluateResponse;
import dev.drpo.proto.reward.v1.RewardServiceGrpc;
import dev.drpo.reward.RemoteJudgeResource;
import dev.drpo.reward.Web;
import dev.drpo.runtime.config.RunConfig;
import dev.drpo.runtime.messaging.Messaging;
import dev.drpo.runtime.messaging.Publisher;
import dev.drpo.runtime.messaging.RecordLog;
import dev.drpo.runtime.messaging.TopicProvisioner;
import dev.drpo.testkit.Await;
import dev.drpo.testkit.BrokerResource;
import io.grpc.Server;
import io.grpc.ServerBuilder;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A run whose answers are judged elsewhere. */
@QuarkusTest
@WithTestResource(BrokerResource.class)
@WithTestResource(RemoteJudgeResource.class)
class RemoteScoringTest {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  @TestHTTPResource("/")
  URI root;

  @Inject RunConfig configuration;
  @Inject MeterRegistry meters;

  @Test
  void aGroupOutlastsAnOutageAndAFailureOfTheRemoteJudge() throws Exception {
    Messaging messaging = Messaging.of(configuration, "test", InstantSource.system());
    new TopicProvisioner(messaging).provision(PATIENCE);
    RolloutGroup group = Groups.group(configuration.run().id(), "p-1", "7", "a", "b").build();
    try (Publisher publisher = Publisher.open(messaging)) {
      publisher.publish(messaging.topics().rollouts(), "p-1", group).get();
    }
    // More attempts than a record has deliveries: waiting must not use them up.
    Await.until("many attempts", () -> waits() > configuration.kafka().maxDeliveries());
    assertThat(new Web(root).get("/q/health/ready").statusCode()).isEqualTo(503);

    Server server = serve(new FailingOnce());
    try {
      List<ScoredGroup> scored = new ArrayList<>();
      try (RecordLog<ScoredGroup> log =
          RecordLog.open(
              messaging, messaging.topics().scored(), ScoredGroup.parser(), Map.of(), PATIENCE)) {
        Await.until(
            "the scored group",
            () -> {
              log.poll(Duration.ofSeconds(1)).forEach(entry -> scored.add(entry.value()));
              return !scored.isEmpty();
            });
      }
      assertThat(scored.getFirst().getGroup()).isEqualTo(group);
      assertThat(scored.getFirst().getVerdictsList())
          .extracting(Verdict::getReward)
          .containsExactly(0.5, 0.5);
      assertThat(meters.get("drpo.reward.groups").tag("result", "failed").counter().count())
          .isEqualTo(1);
      assertThat(new Web(root).get("/q/health/ready").statusCode()).isEqualTo(200);
    } finally {
      server.shutdownNow();
    }
  }

  private Server serve(RewardServiceGrpc.RewardServiceImplBase judge) throws Exception {
    String address = configuration.reward().remoteAddress();
    int port = Integer.parseInt(address.substring(address.indexOf(':') + 1));
    return ServerBuilder.forPort(port).addService(judge).build().start();
  }

  private double waits() {
    return meters.get("drpo.reward.waits").counter().count();
  }

  /** Fails the first request, and half-rewards every other. */
  private static final class FailingOnce extends RewardServiceGrpc.RewardServiceImplBase {
    private final AtomicInteger requests = new AtomicInteger();

    @Override
    public void evaluate(EvaluateRequest request, StreamObserver<EvaluateResponse> out) {
      if (requests.getAndIncrement() == 0) {
        out.onError(Status.INTERNAL.withDescription("first").asRuntimeException());
        return;
      }
      out.onNext(
          EvaluateResponse.newBuilder()
              .setVerdict(Verdict.newBuilder().setOutcome(Outcome.OUTCOME_NOT_EQUAL).setReward(0.5))
              .build());
      out.onCompleted();
    }
  }
}
