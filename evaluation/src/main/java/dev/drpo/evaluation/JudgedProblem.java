package dev.drpo.evaluation;

import java.util.List;

/**
 * The responses to one problem.
 *
 * @param samples in the order in which they were drawn; never empty
 */
public record JudgedProblem(String id, List<JudgedSample> samples) {
  public JudgedProblem {
    samples = List.copyOf(samples);
    if (samples.isEmpty()) {
      throw new IllegalArgumentException(
          "problem '" + id + "' has no response; leave out what was not sampled");
    }
  }

  /** How many responses are right. */
  public int right() {
    return (int) samples.stream().filter(JudgedSample::right).count();
  }

  /** Share of right responses, in [0, 1]. */
  public double share() {
    return (double) right() / samples.size();
  }
}
