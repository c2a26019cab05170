package dev.drpo.cli.task;

import dev.drpo.cli.task.ArithmeticProblem.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Draws problems: every number of steps, start, operator and operand is equally likely. */
public final class ProblemGenerator {
  private static final Operator[] OPERATORS = Operator.values();

  private final Random random;

  public ProblemGenerator(Random random) {
    this.random = random;
  }

  /** A problem of the split with a uniformly drawn number of steps. */
  public ArithmeticProblem next(Split split) {
    return next(split, between(ArithmeticProblem.MIN_STEPS, ArithmeticProblem.MAX_STEPS));
  }

  /** A problem of the split with this many steps. */
  public ArithmeticProblem next(Split split, int steps) {
    while (true) {
      ArithmeticProblem problem = draw(steps);
      if (problem.split() == split) {
        return problem;
      }
    }
  }

  private ArithmeticProblem draw(int count) {
    int start = random.nextInt(ArithmeticProblem.MODULUS);
    List<Step> steps = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      Operator operator = OPERATORS[random.nextInt(OPERATORS.length)];
      int operand = between(ArithmeticProblem.MIN_OPERAND, ArithmeticProblem.MAX_OPERAND);
      steps.add(new Step(operator, operand));
    }
    return new ArithmeticProblem(start, steps);
  }

  private int between(int least, int most) {
    // Not nextInt(origin, bound), whose algorithm the Java specification leaves open.
    return least + random.nextInt(most - least + 1);
  }
}
