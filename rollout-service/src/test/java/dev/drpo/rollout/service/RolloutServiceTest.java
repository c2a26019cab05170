package dev.drpo.rollout.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.ImmutableList;
import dev.drpo.generation.EngineStatus;
import dev.drpo.proto.records.v1.Rollout;
import dev.drpo.proto.records.v1.SamplingParameters;
import dev.drpo.proto.rollout.v1.Conversation;
import dev.drpo.proto.rollout.v1.GenerateRequest;
import dev.drpo.proto.rollout.v1.GenerateResponse;
import dev.drpo.proto.rollout.v1.GetStatusRequest;
import dev.drpo.proto.rollout.v1.GetStatusResponse;
import dev.drpo.proto.rollout.v1.Message;
import dev.drpo.proto.rollout.v1.RolloutServiceGrpc;
import dev.drpo.proto.rollout.v1.TokenIds;
import dev.drpo.testkit.Await;
import dev.drpo.testkit.Monitored;
import grpc.health.v1.HealthGrpc;
import grpc.health.v1.HealthOuterClass.HealthCheckRequest;
import grpc.health.v1.HealthOuterClass.HealthCheckResponse;
import io.grpc.CallOptions;
import io.grpc.Context;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.reflection.v1.ServiceResponse;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import io.quarkus.grpc.runtime.GrpcServer;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The service as others see it. */
@QuarkusTest
@QuarkusTestResource(value = ReplicaResource.class, restrictToAnnotatedClass = true)
class RolloutServiceTest {
  @TestHTTPResource("/")
  URI root;

  @Inject GrpcServer grpc;

  @Inject RolloutLifecycle lifecycle;

  private ManagedChannel channel;
  private RolloutServiceGrpc.RolloutServiceBlockingStub service;

  @BeforeEach
  void connect() {
    channel =
        ManagedChannelBuilder.forAddress(root.getHost(), grpc.getPort()).usePlaintext().build();
    service = RolloutServiceGrpc.newBlockingStub(channel);
  }

  @AfterEach
  void disconnect() {
    channel.shutdownNow();
  }

  @Test
  void aTextATokenListAndAConversationAreTheSamePrompt() {
    List<Rollout> byTokens =
        generate(
            request(4, 60).setTokens(TokenIds.newBuilder().addAllIds(List.of(1, 3, 2))).build());
    assertThat(byTokens).hasSize(4);
    for (Rollout rollout : byTokens) {
      assertThat(rollout.getTokensCount()).isEqualTo(rollout.getLogProbabilitiesCount());
      assertThat(rollout.getVersions(0).getTokens()).isEqualTo(rollout.getTokensCount());
    }
    assertThat(generate(request(4, 60).setText("w1 w3 w2").build())).isEqualTo(byTokens);
    Conversation conversation =
        Conversation.newBuilder()
            .addMessages(Message.newBuilder().setRole("user").setContent("w3"))
            .build();
    assertThat(generate(request(4, 60).setConversation(conversation).build())).isEqualTo(byTokens);
  }

  @Test
  void requestsThatCannotBeServedAreRefusedWithTheReason() {
    assertRefused(request(1, 10).build(), "has no prompt");
    assertRefused(request(1, 10).setText("").build(), "the prompt is empty");
    assertRefused(request(9, 10).setText("w1").build(), "exceeds the 8 slots");
    assertRefused(request(1, 512).setText("w1").build(), "512 tokens exceeds the 500");
    assertRefused(request(1, 0).setText("w1").build(), "response budget is 0");
    assertRefused(request(1, 10).setTokens(TokenIds.newBuilder().addIds(16)).build(), "token 0");
    Conversation stranger =
        Conversation.newBuilder().addMessages(Message.newBuilder().setRole("oracle")).build();
    assertRefused(request(1, 10).setConversation(stranger).build(), "messages[0] has role");
    assertRefused(
        request(1, 10).setConversation(Conversation.getDefaultInstance()).build(),
        "the conversation is empty");
    assertRefused(GenerateRequest.newBuilder().setText("w1").build(), "top-p is 0.0");
  }

  @Test
  void aRefusalArrivesWordForWord() {
    Conversation stranger =
        Conversation.newBuilder()
            .addMessages(Message.newBuilder().setRole("oracle; 100 % größer\n≥ all"))
            .build();
    assertThatThrownBy(() -> generate(request(1, 10).setConversation(stranger).build()))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            e ->
                assertThat(e.getStatus().getDescription())
                    .isEqualTo(
                        "messages[0] has role 'oracle; 100 % größer\n≥ all'; it must be one of"
                            + " [system, user, assistant]"));
  }

  @Test
  void aMessageThatIsTooLargeOnceDecompressedIsRefused() {
    GenerateRequest large = request(1, 10).setText("w1 ".repeat(3 << 20)).build();
    assertThat(large.getSerializedSize()).isGreaterThan(8 << 20);
    assertThatThrownBy(
            () -> service.withCompression("gzip").generate(large).forEachRemaining(_ -> {}))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED))
        .hasMessageContaining("4194304");
    assertThat(ImmutableList.copyOf(service.withCompression("gzip").generate(small()))).hasSize(1);
  }

  @Test
  void aMessageOfAnotherTypeIsRefused() {
    var method = RolloutServiceGrpc.getGenerateMethod();
    var raw = method.toBuilder(new RawBytes(), method.getResponseMarshaller()).build();
    byte[] cutShort = {10, 5, 'w'};
    assertThatThrownBy(
            () ->
                ClientCalls.blockingServerStreamingCall(channel, raw, CallOptions.DEFAULT, cutShort)
                    .forEachRemaining(_ -> {}))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT))
        .hasMessageContaining("can't be parsed");
  }

  @Test
  void aCallWhoseDeadlinePassesEndsAndGivesItsSlotsBack() {
    long before = status().groups();
    int calls = 90;
    BlockingQueue<Status.Code> ends = new LinkedBlockingQueue<>();
    for (int i = 0; i < calls; i++) {
      RolloutServiceGrpc.newStub(channel)
          .withDeadlineAfter(300, TimeUnit.MILLISECONDS)
          .generate(request(8, 500).setText("w1 w" + (1 + i % 15)).build(), new End(ends));
    }
    Await.until("every call has ended", () -> ends.size() == calls);
    assertThat(ends).contains(Status.Code.DEADLINE_EXCEEDED);
    Await.until(
        "all slots are free", () -> status().liveRows() == 0 && status().waitingGroups() == 0);
    assertThat(status().groups() - before).isLessThan(calls);
    assertThat(ImmutableList.copyOf(service.generate(small()))).hasSize(1);
  }

  @Test
  void toolsFindTheServiceByReflection() {
    CompletableFuture<List<String>> services = new CompletableFuture<>();
    StreamObserver<ServerReflectionRequest> questions =
        ServerReflectionGrpc.newStub(channel)
            .serverReflectionInfo(
                new StreamObserver<>() {
                  @Override
                  public void onNext(ServerReflectionResponse answer) {
                    services.complete(
                        answer.getListServicesResponse().getServiceList().stream()
                            .map(ServiceResponse::getName)
                            .toList());
                  }

                  @Override
                  public void onError(Throwable failure) {
                    services.completeExceptionally(failure);
                  }

                  @Override
                  public void onCompleted() {}
                });
    questions.onNext(ServerReflectionRequest.newBuilder().setListServices("").build());
    assertThat(services.orTimeout(1, TimeUnit.MINUTES).join())
        .contains(RolloutServiceGrpc.SERVICE_NAME, HealthGrpc.SERVICE_NAME);
    questions.onCompleted();
  }

  @Test
  void theServerTellsItsHealthAsGrpcClientsAsk() {
    HealthCheckRequest question =
        HealthCheckRequest.newBuilder().setService(RolloutServiceGrpc.SERVICE_NAME).build();
    assertThat(HealthGrpc.newBlockingStub(channel).check(question).getStatus())
        .isEqualTo(HealthCheckResponse.ServingStatus.SERVING);
    assertThat(get("/q/health/ready").body()).contains("gRPC Server");
  }

  @Test
  void cancelledCallsGiveTheirSlotsBack() {
    long before = status().groups();
    Context.CancellableContext context = Context.current().withCancellation();
    int calls = 90;
    context.run(
        () -> {
          for (int i = 0; i < calls; i++) {
            RolloutServiceGrpc.newStub(channel)
                .generate(
                    request(8, 500).setText("w1 w" + (1 + i % 15)).build(),
                    new End(new LinkedBlockingQueue<>()));
          }
        });
    Await.until("the calls have arrived", () -> status().waitingGroups() > 0);
    context.cancel(null);
    Await.until(
        "all slots are free", () -> status().liveRows() == 0 && status().waitingGroups() == 0);
    assertThat(status().groups() - before).isLessThan(calls);
    assertThat(generate(request(8, 5).setText("w1").build())).hasSize(8);
  }

  @Test
  void theStatusCountsTheTokensOfGroupsThatAreNotComplete() {
    Context.CancellableContext context = Context.current().withCancellation();
    context.run(
        () -> {
          for (int i = 0; i < 90; i++) {
            RolloutServiceGrpc.newStub(channel)
                .generate(
                    request(8, 500).setText("w1 w" + (1 + i % 15)).build(),
                    new End(new LinkedBlockingQueue<>()));
          }
        });
    Await.until(
        "tokens of a group that is not complete",
        () -> {
          GetStatusResponse earlier = service.getStatus(GetStatusRequest.getDefaultInstance());
          GetStatusResponse later = service.getStatus(GetStatusRequest.getDefaultInstance());
          return later.getTokens() > earlier.getTokens()
              && later.getGroups() == earlier.getGroups()
              && later.getLiveResponses() > 0;
        });
    context.cancel(null);
    Await.until(
        "all slots are free", () -> status().liveRows() == 0 && status().waitingGroups() == 0);
    GetStatusResponse idle = service.getStatus(GetStatusRequest.getDefaultInstance());
    assertThat(idle.getTokens()).isEqualTo(status().tokens());
    assertThat(idle.getPolicy().getStep()).isEqualTo(status().version().step());
  }

  @Test
  void aReplicaWithBrokerAndCurrentWeightsIsReadyAndAlive() throws Exception {
    Await.until("ready", () -> get("/q/health/ready").statusCode() == 200);
    assertThat(get("/q/health/ready").body()).contains("weights 0", "are current");
    assertThat(get("/q/health/live").statusCode()).isEqualTo(200);
  }

  @Test
  void theMetricsTellWhatTheEngineDoes() throws IOException {
    generate(request(2, 10).setText("w1 w2").build());
    assertThat(get("/q/metrics").body())
        .contains(
            "drpo_rollout_tokens_total",
            "drpo_rollout_groups_total",
            "drpo_rollout_rows_live",
            "drpo_rollout_rows_waiting",
            "drpo_rollout_kv_positions",
            "drpo_rollout_groups_waiting",
            "drpo_rollout_weights_step",
            "drpo_rollout_tokens_per_second",
            "drpo_rollout_weights_delay_seconds_count");
    assertThat(Monitored.missing("rollout", get("/q/metrics").body())).isEmpty();
  }

  private EngineStatus status() {
    return lifecycle.replica().orElseThrow().engine().status();
  }

  private List<Rollout> generate(GenerateRequest request) {
    return ImmutableList.copyOf(service.generate(request)).stream()
        .sorted(Comparator.comparingInt(GenerateResponse::getSample))
        .map(GenerateResponse::getRollout)
        .toList();
  }

  private void assertRefused(GenerateRequest request, String reason) {
    assertThatThrownBy(() -> generate(request))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT))
        .hasMessageContaining(reason);
  }

  private static GenerateRequest.Builder request(int group, int budget) {
    return GenerateRequest.newBuilder()
        .setSampling(
            SamplingParameters.newBuilder()
                .setTemperature(1)
                .setTopP(1)
                .setGroupSize(group)
                .setMaxResponseTokens(budget)
                .setSeed(3));
  }

  private static GenerateRequest small() {
    return request(1, 5).setText("w1").build();
  }

  /** Sends bytes as they are. */
  private record RawBytes() implements MethodDescriptor.Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] bytes) {
      return new ByteArrayInputStream(bytes);
    }

    @Override
    public byte[] parse(InputStream message) {
      throw new UnsupportedOperationException("only sent");
    }
  }

  /** Hears how calls end, and nothing else. */
  private record End(BlockingQueue<Status.Code> codes) implements StreamObserver<GenerateResponse> {
    @Override
    public void onNext(GenerateResponse response) {}

    @Override
    public void onError(Throwable failure) {
      codes.add(Status.fromThrowable(failure).getCode());
    }

    @Override
    public void onCompleted() {
      codes.add(Status.Code.OK);
    }
  }

  private HttpResponse<String> get(String path) {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(
          HttpRequest.newBuilder(root.resolve(path)).build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }
}
