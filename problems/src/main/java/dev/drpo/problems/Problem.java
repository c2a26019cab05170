package dev.drpo.problems;

import dev.drpo.policy.text.ChatMessage;
import java.util.List;
import java.util.Map;

/**
 * One line of a data set.
 *
 * @param id unique in its file
 * @param messages the conversation that the policy answers
 * @param golds accepted answers; never empty
 * @param metadata whatever else is known of the problem
 */
public record Problem(
    String id, List<ChatMessage> messages, List<String> golds, Map<String, String> metadata) {
  public Problem {
    messages = List.copyOf(messages);
    golds = List.copyOf(golds);
    metadata = Map.copyOf(metadata);
  }

  /**
   * The set that it belongs to.
   *
   * @param key metadata that names it, the run's {@code evaluation.sets}
   * @throws DataException if it has none of that name
   */
  public String set(String key) {
    String set = metadata.get(key);
    if (set == null) {
      throw new DataException(
          "evaluation.sets is %s, but the held-out problem %s has no such metadata; it has %s"
              .formatted(key, id, metadata.keySet()));
    }
    return set;
  }
}
