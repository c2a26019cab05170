package dev.drpo.rollout.engineapi;

import dev.drpo.generation.EngineStoppedException;
import dev.drpo.generation.FinishReason;
import dev.drpo.generation.GroupRequest;
import dev.drpo.generation.GroupSampling;
import dev.drpo.generation.ResponseListener;
import dev.drpo.generation.SampledResponse;
import dev.drpo.generation.SamplingEngine;
import dev.drpo.rollout.openai.ApiException;
import dev.drpo.rollout.openai.CompletionRequest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** The responses to one request for tokens, on their way. Safe for use by many threads. */
public final class TokenSampling {
  private final CompletionRequest request;
  private final Set<Integer> ends;
  private final String label;
  private final List<GroupSampling> groups;
  private volatile boolean cut;

  TokenSampling(
      CompletionRequest request, SamplingEngine engine, Set<Integer> endOfSequence, String label) {
    this.request = request;
    this.label = label;
    this.ends = new HashSet<>(endOfSequence);
    request.groups().forEach(group -> ends.addAll(group.sampling().stopTokens()));
    this.groups =
        request.groups().stream()
            .map(group -> engine.submit(group, ResponseListener.NONE))
            .toList();
  }

  CompletionRequest request() {
    return request;
  }

  /** The request's name, by which it can be cut. */
  String id() {
    return request.id();
  }

  /** Label of the weights that it is sampled with. */
  String label() {
    return label;
  }

  void whenEnded(Runnable action) {
    var _ =
        CompletableFuture.allOf(groups.toArray(CompletableFuture[]::new))
            .whenComplete((_, _) -> action.run());
  }

  /** Ends every response after the token that is being drawn. */
  void cut() {
    cut = true;
    for (int i = 0; i < groups.size(); i++) {
      for (int sample = 0; sample < request.groups().get(i).sampling().groupSize(); sample++) {
        groups.get(i).stop(sample);
      }
    }
  }

  /** Gives the slots back; nobody waits for an answer. */
  public void cancel() {
    groups.forEach(group -> group.cancel(false));
  }

  /**
   * All responses, prompt by prompt.
   *
   * @throws ApiException if the engine stops
   */
  List<SampledResponse> responses() throws InterruptedException {
    List<SampledResponse> responses = new ArrayList<>();
    for (GroupSampling group : groups) {
      try {
        responses.addAll(group.get().responses());
      } catch (ExecutionException e) {
        if (e.getCause() instanceof EngineStoppedException stopped) {
          throw ApiException.unavailable(stopped.getMessage());
        }
        throw new IllegalStateException("sampling failed", e.getCause());
      } catch (CancellationException e) {
        throw ApiException.unavailable("the caller has left");
      }
    }
    return responses;
  }

  /** Why a response ended: one that was cut says so, unless it would have ended there anyway. */
  String reason(SampledResponse response, GroupRequest group) {
    int length = response.tokens().length;
    if (ends.contains(response.tokens()[length - 1])) {
      return "stop";
    }
    if (length == group.sampling().maxResponseTokens()) {
      return "length";
    }
    return cut || response.finishReason() == FinishReason.STOP ? "abort" : "length";
  }
}
