package dev.drpo.cli.rollouts;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.drpo.proto.records.v1.DeadLetter;
import dev.drpo.proto.records.v1.FinishReason;
import dev.drpo.proto.records.v1.Outcome;
import dev.drpo.proto.records.v1.Purpose;
import dev.drpo.proto.records.v1.Rollout;
import dev.drpo.proto.records.v1.ScoredGroup;
import dev.drpo.proto.records.v1.Verdict;
import java.util.List;

/** Groups as JSON, one per line. */
final class GroupJson {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private GroupJson() {}

  static String line(ScoredGroup scored, List<Integer> responses) throws JsonProcessingException {
    ObjectNode json = MAPPER.createObjectNode();
    json.put("kind", "group")
        .put(
            "purpose",
            scored.getGroup().getId().getPurpose() == Purpose.PURPOSE_TRAINING
                ? "training"
                : "evaluation")
        .put("step", Selection.shownStep(scored.getGroup().getId()))
        .put("prompt", scored.getGroup().getId().getPrompt())
        .put("replica", scored.getGroup().getReplica())
        .put("createdAtMillis", scored.getGroup().getCreatedAtMillis());
    ArrayNode golds = json.putArray("golds");
    scored.getGroup().getGoldsList().forEach(golds::add);
    ArrayNode array = json.putArray("responses");
    for (int i : responses) {
      Rollout rollout = scored.getGroup().getRollouts(i);
      Verdict verdict = scored.getVerdicts(i);
      ObjectNode one = array.addObject();
      one.put("sample", i)
          .put("right", verdict.getOutcome() == Outcome.OUTCOME_EQUAL)
          .put("outcome", GroupText.outcome(verdict))
          .put("rule", verdict.getRule())
          .put("reward", verdict.getReward())
          .put("answer", verdict.getExtracted())
          .put("tokens", rollout.getTokensCount())
          .put("cutOff", rollout.getFinishReason() == FinishReason.FINISH_REASON_LENGTH)
          .put("text", rollout.getText());
      ArrayNode versions = one.putArray("versions");
      rollout.getVersionsList().forEach(span -> versions.add(span.getVersion().getStep()));
    }
    return MAPPER.writeValueAsString(json);
  }

  static String line(DeadLetter letter) throws JsonProcessingException {
    ObjectNode json = MAPPER.createObjectNode();
    json.put("kind", "dead letter")
        .put("service", letter.getService())
        .put("topic", letter.getSourceTopic())
        .put("offset", letter.getSourceOffset())
        .put("bytes", letter.getOriginalValue().size())
        .put("reason", letter.getReason());
    if (letter.hasId()) {
      json.put("step", Selection.shownStep(letter.getId()))
          .put("prompt", letter.getId().getPrompt());
    }
    return MAPPER.writeValueAsString(json);
  }
}
