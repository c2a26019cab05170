package dev.drpo.cli.status;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.drpo.proto.learner.v1.GetStatusResponse;
import dev.drpo.runtime.messaging.TopicState;

/** A run's state as one JSON object. */
final class StatusJson {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private StatusJson() {}

  static String of(Standing state) throws JsonProcessingException {
    ObjectNode json = MAPPER.createObjectNode();
    json.put("run", state.run());
    state.broker().ifPresent(broker -> json.put("broker", broker));
    json.put("stepsDone", state.stepsDone()).put("complete", state.complete());
    state.learner().ifPresent(learner -> put(json.putObject("learner"), learner));
    ArrayNode topics = json.putArray("topics");
    for (TopicState topic : state.topics()) {
      ObjectNode one = topics.addObject();
      one.put("topic", topic.topic())
          .put("records", topic.records())
          .put("removed", topic.removed());
      topic.waiting().ifPresent(waiting -> one.put("waiting", waiting));
      ArrayNode workers = one.putArray("workers");
      topic.workers().forEach(workers::add);
    }
    ArrayNode replicas = json.putArray("replicas");
    for (ReplicaState replica : state.replicas()) {
      replicas
          .addObject()
          .put("name", replica.name())
          .put("version", replica.version())
          .put("groups", replica.groups())
          .put("tokensPerSecond", replica.tokensPerSecond())
          .put("lastMillis", replica.lastMillis());
    }
    ArrayNode errors = json.putArray("errors");
    state.errors().forEach(errors::add);
    return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(json);
  }

  private static void put(ObjectNode json, GetStatusResponse learner) {
    json.put("state", StatusText.phase(learner))
        .put("stepsTotal", learner.getStepsTotal())
        .put("groupsThere", learner.getPhaseGroupsDone())
        .put("groupsAwaited", learner.getPhaseGroupsTotal())
        .put("tokensPerSecond", learner.getTokensPerSecond())
        .put("secondsLeft", learner.getSecondsLeft())
        .put("accuracy", learner.getLastStep().getAccuracy())
        .put("meanLength", learner.getLastStep().getMeanLength())
        .put("dispatched", learner.getGroups().getDispatched())
        .put("scored", learner.getGroups().getScored())
        .put("trained", learner.getGroups().getTrained())
        .put("duplicates", learner.getGroups().getDuplicates())
        .put("deadLetters", learner.getGroups().getDeadLetters());
    if (!learner.getFailure().isEmpty()) {
      json.put("failure", learner.getFailure());
    }
  }
}
