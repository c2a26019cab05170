package dev.drpo.planning;

/**
 * Expected seconds of a step, by what takes them.
 *
 * @param generation of all responses
 * @param learning passes of all mini-batches
 * @param exchange of gradients and weights between the learner's devices
 * @param publishing of the new weights to the replicas
 * @param overlapped whether the next step's responses are sampled while this one is learned from
 */
public record StepTime(
    double generation, double learning, double exchange, double publishing, boolean overlapped) {
  /** The whole step. */
  public double total() {
    double learner = learning + exchange;
    return publishing + (overlapped ? Math.max(generation, learner) : generation + learner);
  }
}
