package dev.drpo.rollout.service;

import dev.drpo.generation.EngineStoppedException;
import dev.drpo.generation.GenerationEngine;
import dev.drpo.generation.GroupRequest;
import dev.drpo.generation.RefusedRequestException;
import dev.drpo.generation.SampledGroup;
import dev.drpo.generation.SampledResponse;
import dev.drpo.policy.PolicyFormatException;
import dev.drpo.policy.text.ChatMessage;
import dev.drpo.policy.text.PolicyTokenizer;
import dev.drpo.proto.rollout.v1.Conversation;
import dev.drpo.proto.rollout.v1.GenerateRequest;
import dev.drpo.proto.rollout.v1.GenerateResponse;
import dev.drpo.proto.rollout.v1.Message;
import dev.drpo.proto.rollout.v1.RolloutService;
import dev.drpo.rollout.RolloutReplica;
import dev.drpo.rollout.records.Requests;
import io.grpc.Status;
import io.quarkus.grpc.GrpcService;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.smallrye.mutiny.subscription.MultiEmitter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Generation over gRPC. A call that is cancelled gives its slots back. */
@GrpcService
class RolloutEndpoint implements RolloutService {
  private static final List<String> ROLES = List.of("system", "user", "assistant");

  private final RolloutLifecycle lifecycle;

  RolloutEndpoint(RolloutLifecycle lifecycle) {
    this.lifecycle = lifecycle;
  }

  @Override
  public Multi<GenerateResponse> generate(GenerateRequest request) {
    RolloutReplica replica =
        lifecycle
            .replica()
            .orElseThrow(
                () ->
                    Status.UNAVAILABLE
                        .withDescription(
                            "no weights are loaded yet; try again when /q/health/ready is up")
                        .asRuntimeException());
    // Tokenizing and decoding text is kept off the event loop and off the engine's thread.
    Multi<GenerateResponse> responses =
        Multi.createFrom()
            .<Sample>emitter(emitter -> sample(replica, request, emitter))
            .runSubscriptionOn(Infrastructure.getDefaultWorkerPool())
            .emitOn(Infrastructure.getDefaultWorkerPool())
            .map(
                sample ->
                    GenerateResponse.newBuilder()
                        .setSample(sample.index())
                        .setRollout(replica.records().rollout(sample.response()))
                        .build())
            .onFailure()
            .transform(RolloutEndpoint::status);
    return CallEnd.bound(responses);
  }

  private record Sample(int index, SampledResponse response) {}

  private static void sample(
      RolloutReplica replica, GenerateRequest request, MultiEmitter<? super Sample> emitter) {
    GenerationEngine engine = replica.engine();
    GroupRequest group = Requests.of(prompt(request, replica.tokenizer()), request.getSampling());
    CompletableFuture<SampledGroup> sampled =
        engine.submit(group, (index, response) -> emitter.emit(new Sample(index, response)));
    emitter.onTermination(() -> sampled.cancel(false));
    var _ =
        sampled.whenComplete(
            (all, failure) -> {
              if (failure == null) {
                emitter.complete();
              } else if (!sampled.isCancelled()) {
                // Only the caller cancels, and then nobody listens.
                emitter.fail(failure);
              }
            });
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

  private static Throwable status(Throwable failure) {
    return switch (failure) {
      case RefusedRequestException e ->
          Status.INVALID_ARGUMENT.withDescription(e.getMessage()).asRuntimeException();
      // The chat template refuses a conversation, such as one that begins with an answer.
      case PolicyFormatException e ->
          Status.INVALID_ARGUMENT.withDescription(e.getMessage()).asRuntimeException();
      case EngineStoppedException e ->
          Status.UNAVAILABLE.withDescription(e.getMessage()).asRuntimeException();
      default -> failure;
    };
  }
}
