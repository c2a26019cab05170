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
 */
public record CompletionRequest(
    List<GroupRequest> groups,
    List<String> stops,
    boolean logProbabilities,
    boolean stream,
    boolean streamUsage) {
  public CompletionRequest {
    groups = List.copyOf(groups);
    stops = List.copyOf(stops);
  }

  /** Tokens of all prompts. */
  public int promptTokens() {
    return groups.stream().mapToInt(group -> group.prompt().length).sum();
  }
}
