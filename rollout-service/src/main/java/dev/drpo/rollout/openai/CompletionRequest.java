package dev.drpo.rollout.openai;

import dev.drpo.generation.GroupRequest;
import java.util.List;

/**
 * What a caller wants sampled and how it wants it told.
 *
 * @param groups one per prompt, all of the same size
 * @param stops texts that end a response, which they are no part of
 * @param logProbabilities whether those of the sampled tokens are told
 * @param stream whether the answer comes in pieces, as they are sampled
 * @param streamUsage whether a stream ends with token counts
 * @param tokens whether the answer tells tokens, to a process whose engine this one is
 * @param id the caller's name for the request; empty where it has none
 */
public record CompletionRequest(
    List<GroupRequest> groups,
    List<String> stops,
    boolean logProbabilities,
    boolean stream,
    boolean streamUsage,
    boolean tokens,
    String id) {
  public CompletionRequest {
    groups = List.copyOf(groups);
    stops = List.copyOf(stops);
  }

  /** A request of a person's tool, which has texts for an answer. */
  public CompletionRequest(
      List<GroupRequest> groups,
      List<String> stops,
      boolean logProbabilities,
      boolean stream,
      boolean streamUsage) {
    this(groups, stops, logProbabilities, stream, streamUsage, false, "");
  }

  /** Tokens of all prompts. */
  public int promptTokens() {
    return groups.stream().mapToInt(group -> group.prompt().length).sum();
  }
}
