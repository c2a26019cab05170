package dev.drpo.rollout.service;

import dev.drpo.generation.EngineStatus;
import dev.drpo.generation.EngineStoppedException;
import dev.drpo.generation.GroupRequest;
import dev.drpo.generation.RefusedRequestException;
import dev.drpo.generation.SampledGroup;
import dev.drpo.generation.SampledResponse;
import dev.drpo.policy.PolicyFormatException;
import dev.drpo.policy.records.PolicyRecords;
import dev.drpo.policy.text.ChatMessage;
import dev.drpo.policy.text.PolicyTokenizer;
import dev.drpo.proto.rollout.v1.Conversation;
import dev.drpo.proto.rollout.v1.GenerateRequest;
import dev.drpo.proto.rollout.v1.GenerateResponse;
import dev.drpo.proto.rollout.v1.GetStatusRequest;
import dev.drpo.proto.rollout.v1.GetStatusResponse;
import dev.drpo.proto.rollout.v1.Message;
import dev.drpo.proto.rollout.v1.RolloutServiceGrpc;
import dev.drpo.rollout.RolloutReplica;
import dev.drpo.rollout.records.Requests;
import dev.drpo.service.ReadableRequests;
import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.quarkus.grpc.GrpcService;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import org.jboss.logging.Logger;

/**
 * Generation over gRPC, and where the replica stands. A call of Generate that is cancelled or whose
 * deadline passes gives its slots back.
 *
 * <p>Each such call has a virtual thread, so that tokenizing and decoding text keep neither the
 * event loop nor the engine. A slow caller needs no more care than that: its call holds one group
 * at most.
 */
@GrpcService
class RolloutEndpoint implements BindableService, RolloutServiceGrpc.AsyncService {
  private static final Logger LOG = Logger.getLogger(RolloutEndpoint.class);
  private static final List<String> ROLES = List.of("system", "user", "assistant");

  private final RolloutLifecycle lifecycle;

  RolloutEndpoint(RolloutLifecycle lifecycle) {
    this.lifecycle = lifecycle;
  }

  @Override
  public ServerServiceDefinition bindService() {
    return ReadableRequests.of(RolloutServiceGrpc.bindService(this));
  }

  @Override
  public void generate(GenerateRequest request, StreamObserver<GenerateResponse> responses) {
    ServerCallStreamObserver<GenerateResponse> call =
        (ServerCallStreamObserver<GenerateResponse>) responses;
    CompletableFuture<Void> cancelled = new CompletableFuture<>();
    call.setOnCancelHandler(() -> cancelled.complete(null));
    Thread.ofVirtual().name("generate").start(() -> answer(request, call, cancelled));
  }

  @Override
  public void getStatus(GetStatusRequest request, StreamObserver<GetStatusResponse> answer) {
    try {
      answer.onNext(status(replica().engine().status()));
      answer.onCompleted();
    } catch (StatusRuntimeException e) {
      answer.onError(e);
    }
  }

  private static GetStatusResponse status(EngineStatus engine) {
    return GetStatusResponse.newBuilder()
        .setTokens(engine.tokens())
        .setGroups(engine.groups())
        .setLiveResponses(engine.liveRows())
        .setWaitingGroups(engine.waitingGroups())
        .setPolicy(PolicyRecords.of(engine.version()))
        .build();
  }

  private void answer(
      GenerateRequest request,
      ServerCallStreamObserver<GenerateResponse> call,
      CompletableFuture<Void> cancelled) {
    try {
      sample(replica(), request, call, cancelled);
      call.onCompleted();
    } catch (Exception | Error e) {
      if (!call.isCancelled()) {
        call.onError(status(e));
      }
    }
  }

  private record Sample(int index, SampledResponse response) {}

  private static void sample(
      RolloutReplica replica,
      GenerateRequest request,
      StreamObserver<GenerateResponse> responses,
      CompletableFuture<Void> cancelled)
      throws InterruptedException {
    GroupRequest group = Requests.of(prompt(request, replica.tokenizer()), request.getSampling());
    // The engine's thread only drops the responses here; an empty one says that no other follows.
    BlockingQueue<Optional<Sample>> samples = new LinkedBlockingQueue<>();
    CompletableFuture<SampledGroup> sampled =
        replica
            .engine()
            .submit(
                group, (index, response) -> samples.add(Optional.of(new Sample(index, response))));
    var _ = sampled.whenComplete((all, failure) -> samples.add(Optional.empty()));
    var _ = cancelled.thenRun(() -> sampled.cancel(false));
    for (var next = samples.take(); next.isPresent(); next = samples.take()) {
      Sample sample = next.get();
      responses.onNext(
          GenerateResponse.newBuilder()
              .setSample(sample.index())
              .setRollout(replica.records().rollout(sample.response()))
              .build());
    }
    var _ = sampled.join();
  }

  private RolloutReplica replica() {
    return lifecycle
        .replica()
        .orElseThrow(
            () ->
                Status.UNAVAILABLE
                    .withDescription(
                        "no weights are loaded yet; try again when /q/health/ready is up")
                    .asRuntimeException());
  }

  private static int[] prompt(GenerateRequest request, PolicyTokenizer tokenizer) {
    return switch (request.getPromptCase()) {
      case TEXT -> tokenizer.encode(request.getText());
      case TOKENS ->
          request.getTokens().getIdsList().stream().mapToInt(Integer::intValue).toArray();
      case CONVERSATION -> tokenizer.encode(tokenizer.render(messages(request.getConversation())));
      case PROMPT_NOT_SET ->
          throw new RefusedRequestException(
              "the request has no prompt; set text, tokens or conversation");
    };
  }

  private static List<ChatMessage> messages(Conversation conversation) {
    if (conversation.getMessagesCount() == 0) {
      throw new RefusedRequestException("the conversation is empty; it needs at least one message");
    }
    List<ChatMessage> messages = new ArrayList<>();
    for (Message message : conversation.getMessagesList()) {
      if (!ROLES.contains(message.getRole())) {
        throw new RefusedRequestException(
            "messages[%d] has role '%s'; it must be one of %s"
                .formatted(messages.size(), message.getRole(), ROLES));
      }
      messages.add(new ChatMessage(message.getRole(), message.getContent()));
    }
    return messages;
  }

  private static StatusRuntimeException status(Throwable failure) {
    return switch (failure) {
      case CompletionException e -> status(e.getCause());
      case StatusRuntimeException e -> e;
      case RefusedRequestException e ->
          Status.INVALID_ARGUMENT.withDescription(e.getMessage()).asRuntimeException();
      // The chat template refuses a conversation, such as one that begins with an answer.
      case PolicyFormatException e ->
          Status.INVALID_ARGUMENT.withDescription(e.getMessage()).asRuntimeException();
      case EngineStoppedException e ->
          Status.UNAVAILABLE.withDescription(e.getMessage()).asRuntimeException();
      default -> {
        LOG.error("a call of Generate failed", failure);
        yield Status.INTERNAL
            .withDescription("sampling failed, which is an error of the service; see its log")
            .asRuntimeException();
      }
    };
  }
}
