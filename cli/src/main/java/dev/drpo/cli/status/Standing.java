package dev.drpo.cli.status;

import dev.drpo.proto.learner.v1.GetStatusResponse;
import dev.drpo.runtime.messaging.TopicState;
import java.util.List;
import java.util.Optional;

/**
 * Where a run stands.
 *
 * @param run its id
 * @param broker where its topics are; empty where no broker answers
 * @param learner its learner's own words; empty where none answers
 * @param stepsDone of the files of a run that does not run
 * @param topics in the order in which a group passes them
 * @param replicas of the newest scored groups
 * @param errors the last, oldest first
 */
record Standing(
    String run,
    Optional<String> broker,
    Optional<GetStatusResponse> learner,
    long stepsDone,
    boolean complete,
    List<TopicState> topics,
    List<ReplicaState> replicas,
    List<String> errors) {
  Standing {
    topics = List.copyOf(topics);
    replicas = List.copyOf(replicas);
    errors = List.copyOf(errors);
  }
}
