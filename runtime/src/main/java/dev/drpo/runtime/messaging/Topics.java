package dev.drpo.runtime.messaging;

import java.util.List;

/**
 * The topics of one run. Prompts and rollouts are work queues, scored groups and weights are logs,
 * dead letters are for people. Every name carries the run's id, so that runs share a cluster.
 */
public record Topics(
    String prompts, String rollouts, String scored, String weights, String deadLetters) {

  public static Topics of(String runId) {
    String prefix = runId + ".drpo.";
    return new Topics(
        prefix + "prompts",
        prefix + "rollouts",
        prefix + "scored",
        prefix + "weights",
        prefix + "dead-letters");
  }

  /** Share group of the rollout replicas, which work off the prompts. */
  public String rolloutWorkers() {
    return workersOf(prompts);
  }

  /** Share group of the reward replicas, which work off the rollouts. */
  public String rewardWorkers() {
    return workersOf(rollouts);
  }

  List<String> queues() {
    return List.of(prompts, rollouts, scored);
  }

  List<String> logs() {
    return List.of(weights, deadLetters);
  }

  /** Every topic of the run. */
  public List<String> all() {
    return List.of(prompts, rollouts, scored, weights, deadLetters);
  }

  /**
   * Topics of one partition: the queues that lanes fetch from in turn, and the weights, which are
   * replayed in the order of their versions.
   */
  List<String> unsplit() {
    return List.of(prompts, rollouts, weights);
  }

  List<String> workers() {
    return List.of(rolloutWorkers(), rewardWorkers());
  }

  private static String workersOf(String queue) {
    return queue + ".workers";
  }
}
