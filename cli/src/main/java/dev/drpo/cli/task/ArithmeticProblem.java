package dev.drpo.cli.task;

import java.util.List;

/**
 * A chain of operations, worked from left to right without precedence, modulo {@link #MODULUS}.
 *
 * @param start the number that the chain starts from, 0..19
 * @param steps {@link #MIN_STEPS} to {@link #MAX_STEPS} operations
 */
public record ArithmeticProblem(int start, List<Step> steps) {
  public static final int MODULUS = 20;
  public static final int MIN_STEPS = 2;
  public static final int MAX_STEPS = 6;
  public static final int MIN_OPERAND = 2;
  public static final int MAX_OPERAND = 9;

  /** One operation with its right operand, {@link #MIN_OPERAND} to {@link #MAX_OPERAND}. */
  public record Step(Operator operator, int operand) {
    public Step {
      requireBetween("operand", operand, MIN_OPERAND, MAX_OPERAND);
    }

    int apply(int left) {
      return operator.apply(left, operand);
    }
  }

  public ArithmeticProblem {
    steps = List.copyOf(steps);
    requireBetween("start", start, 0, MODULUS - 1);
    requireBetween("number of steps", steps.size(), MIN_STEPS, MAX_STEPS);
  }

  /** The letter that names a step in prompts and traces: a for the first. */
  static String label(int step) {
    return String.valueOf((char) ('a' + step));
  }

  /** The right answer, 0..19. */
  public int answer() {
    int value = start;
    for (Step step : steps) {
      value = step.apply(value);
    }
    return value;
  }

  /**
   * What the policy reads, for example {@code 12 a * 3 b + 9 ?}. The letters let a tiny model find
   * the step that it is at.
   */
  public String prompt() {
    var text = new StringBuilder().append(start);
    for (int i = 0; i < steps.size(); i++) {
      Step step = steps.get(i);
      text.append(' ').append(label(i));
      text.append(' ').append(step.operator().symbol());
      text.append(' ').append(step.operand());
    }
    return text.append(" ?").toString();
  }

  /** Identifies the problem and is safe as a file name, for example {@code mod20-12x3p9}. */
  public String id() {
    var id = new StringBuilder().append("mod").append(MODULUS).append('-').append(start);
    for (Step step : steps) {
      id.append(step.operator().idLetter()).append(step.operand());
    }
    return id.toString();
  }

  public Split split() {
    return Split.of(prompt());
  }

  private static void requireBetween(String subject, int value, int least, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          "%s is %d; it must lie in %d..%d".formatted(subject, value, least, most));
    }
  }
}
