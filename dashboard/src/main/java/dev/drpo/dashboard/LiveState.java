package dev.drpo.dashboard;

import java.util.List;

/**
 * What only a running learner knows of its run. What is not known of a number is NaN, null in JSON.
 *
 * @param state in words, such as {@code training}
 * @param failure why it failed; empty if it did not
 * @param stepsDone training steps
 * @param stepsTotal of the whole run
 * @param groupsDone of the present step or evaluation
 * @param groupsTotal that it waits for
 * @param tokensPerSecond of the last step, or of the evaluation
 * @param secondsLeft until the last step is done; 0 where that is not known yet
 * @param groups how often groups were handled, by the names of the glossary
 * @param replicas that sampled lately
 * @param topics in the order in which a group passes them; empty while the broker does not answer
 * @param broker what keeps it from answering; empty if nothing does
 * @param deadLetters the last, newest first
 */
public record LiveState(
    String state,
    String failure,
    long stepsDone,
    long stepsTotal,
    long groupsDone,
    long groupsTotal,
    double tokensPerSecond,
    double secondsLeft,
    Object groups,
    List<Replica> replicas,
    List<Topic> topics,
    String broker,
    List<Letter> deadLetters) {
  public LiveState {
    replicas = List.copyOf(replicas);
    topics = List.copyOf(topics);
    deadLetters = List.copyOf(deadLetters);
  }

  /**
   * A rollout replica, as the groups say that it sampled.
   *
   * @param name of the process
   * @param version newest policy version that it sampled with
   * @param lag policy versions that it is behind the newest that is published
   * @param groups that it sampled since the learner started
   * @param tokensPerSecond while it sampled its last groups
   * @param lastMillis when it published the last of them, since 1970
   */
  public record Replica(
      String name, long version, long lag, long groups, double tokensPerSecond, long lastMillis) {}

  /**
   * A topic of the run.
   *
   * @param name of the topic
   * @param records that it holds
   * @param waiting of a work queue's records, those nobody is done with; -1 for a log
   * @param workers that take them
   */
  public record Topic(String name, long records, long waiting, List<String> workers) {
    public Topic {
      workers = List.copyOf(workers);
    }
  }

  /**
   * A record that could not be worked on.
   *
   * @param service that gave it up
   * @param topic where it lay
   * @param reason what was wrong
   * @param step the training step or evaluated policy that it belongs to; -1 where that is not
   *     known
   * @param problem likewise; empty where that is not known
   */
  public record Letter(String service, String topic, String reason, long step, String problem) {}
}
