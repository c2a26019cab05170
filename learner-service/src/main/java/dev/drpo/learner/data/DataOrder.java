package dev.drpo.learner.data;

import java.util.Arrays;
import java.util.Random;

/**
 * Which problems a step trains on: a seeded permutation per epoch, cut into steps. It is a function
 * of the step alone, so that a resumed run needs no cursor but its step. What is left at the end of
 * an epoch is skipped, so that no problem stands twice in one step.
 */
public final class DataOrder {
  private final long seed;
  private final int problems;
  private final int problemsPerStep;
  private long epochOfOrder = -1;
  private int[] order = {};

  /** Sets the order of {@code problems} problems. */
  public DataOrder(long seed, int problems, int problemsPerStep) {
    if (problemsPerStep > problems) {
      throw new DataException(
          "training.prompts-per-step is "
              + problemsPerStep
              + ", but the training file has only "
              + problems
              + " usable problems");
    }
    this.seed = seed;
    this.problems = problems;
    this.problemsPerStep = problemsPerStep;
  }

  /** Indices of a step's problems. */
  public int[] problemsOf(long step) {
    int stepsPerEpoch = problems / problemsPerStep;
    int[] epoch = permutation(step / stepsPerEpoch);
    int start = (int) (step % stepsPerEpoch) * problemsPerStep;
    return Arrays.copyOfRange(epoch, start, start + problemsPerStep);
  }

  private int[] permutation(long epoch) {
    if (epoch != epochOfOrder) {
      order = new int[problems];
      Arrays.setAll(order, i -> i);
      // java.util.Random's sequence is specified, so the order is the same on every platform.
      Random random = new Random(seed * 0x9E3779B97F4A7C15L + epoch);
      for (int i = problems - 1; i > 0; i--) {
        int j = random.nextInt(i + 1);
        int swapped = order[i];
        order[i] = order[j];
        order[j] = swapped;
      }
      epochOfOrder = epoch;
    }
    return order;
  }
}
