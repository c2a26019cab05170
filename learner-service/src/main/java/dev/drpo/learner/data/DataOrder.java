package dev.drpo.learner.data;

import com.google.common.primitives.Ints;
import dev.drpo.problems.DataException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Which problems a step trains on: a seeded permutation per epoch, cut into steps. It is a function
 * of the step alone, so that a resumed run needs no cursor but its step. What is left at the end of
 * an epoch is skipped, so that no problem stands twice in one step.
 */
public final class DataOrder {
  private final int problems;
  private final int problemsPerStep;
  private final Permutations order;
  private final Permutations furtherOrder;

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
    this.problems = problems;
    this.problemsPerStep = problemsPerStep;
    this.order = new Permutations(seed, problems);
    this.furtherOrder = new Permutations(~seed, problems);
  }

  /** Problems of one step. */
  public int problemsPerStep() {
    return problemsPerStep;
  }

  /** Indices of a step's problems. */
  public int[] problemsOf(long step) {
    int stepsPerEpoch = problems / problemsPerStep;
    int[] epoch = order.of(step / stepsPerEpoch);
    int start = (int) (step % stepsPerEpoch) * problemsPerStep;
    return Arrays.copyOfRange(epoch, start, start + problemsPerStep);
  }

  /**
   * Indices of further problems for a step that has use for them, none of them its own. They follow
   * an order of their own, from which each step has a share, so that the steps after it need not
   * know how many it took; a problem can therefore be drawn by an epoch in both ways.
   *
   * @param most how many at most; fewer where there are not so many other problems
   */
  public int[] furtherProblemsOf(long step, int most) {
    int stepsPerEpoch = problems / problemsPerStep;
    int[] epoch = furtherOrder.of(step / stepsPerEpoch);
    int start = (int) (step % stepsPerEpoch * most % problems);
    Set<Integer> own = new HashSet<>(Ints.asList(problemsOf(step)));
    return IntStream.range(0, problems)
        .map(i -> epoch[(start + i) % problems])
        .filter(problem -> !own.contains(problem))
        .limit(most)
        .toArray();
  }

  /** Seeded orders of all problems, one for each epoch. */
  private static final class Permutations {
    private final long seed;
    private final int problems;
    private long epochOfOrder;
    private int[] order = {};

    Permutations(long seed, int problems) {
      this.seed = seed;
      this.problems = problems;
    }

    int[] of(long epoch) {
      if (order.length == 0 || epoch != epochOfOrder) {
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
}
