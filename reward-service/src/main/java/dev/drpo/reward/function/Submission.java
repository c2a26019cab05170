package dev.drpo.reward.function;

import dev.drpo.proto.records.v1.FinishReason;
import java.util.List;
import java.util.Map;

/**
 * A response to a problem of the run.
 *
 * @param response the whole text, reasoning included
 * @param golds the right answers; at least one, none of them blank
 * @param finishReason why it ended: {@code STOP} or {@code LENGTH}
 * @param metadata of the problem, as the data set has it
 */
public record Submission(
    String response, List<String> golds, FinishReason finishReason, Map<String, String> metadata) {
  public Submission {
    golds = List.copyOf(golds);
    metadata = Map.copyOf(metadata);
  }
}
