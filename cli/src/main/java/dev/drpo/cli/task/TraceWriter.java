package dev.drpo.cli.task;

import dev.drpo.cli.task.ArithmeticProblem.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Writes warm-start traces. A step that is written wrong and stays wrong carries its error on to
 * the answer, as in a policy's own reasoning.
 */
public final class TraceWriter {
  private static final int[] SLIPS = {1, -1, 2, -2, 5, -5};

  private final TraceMix mix;
  private final Random random;

  public TraceWriter(TraceMix mix, Random random) {
    this.mix = mix;
    this.random = random;
  }

  /** A trace in a style drawn from the mix. */
  public Trace write(ArithmeticProblem problem) {
    return write(problem, mix.draw(random));
  }

  /** A trace in the given style. */
  public Trace write(ArithmeticProblem problem, TraceStyle style) {
    List<String> tokens = new ArrayList<>();
    tokens.add("<think>");
    int answer =
        switch (style) {
          case DIRECT -> problem.answer();
          case PAIRED -> writePairs(problem, tokens);
          case PLAIN, MEDIUM, VERBOSE -> writeSteps(problem, style, tokens);
        };
    tokens.addAll(List.of("</think>", "\\boxed{", Integer.toString(answer), "}"));
    return new Trace(style, answer, tokens);
  }

  private int writePairs(ArithmeticProblem problem, List<String> tokens) {
    int value = problem.start();
    for (int i = 0; i < problem.steps().size(); i += 2) {
      int end = Math.min(i + 2, problem.steps().size());
      for (int j = i; j < end; j++) {
        tokens.add(ArithmeticProblem.label(j));
      }
      tokens.add(Integer.toString(value));
      for (Step step : problem.steps().subList(i, end)) {
        addOperation(step, tokens);
        value = step.apply(value);
      }
      value = slip(value, mix.errorRate());
      addResult(value, tokens);
    }
    return value;
  }

  private int writeSteps(ArithmeticProblem problem, TraceStyle style, List<String> tokens) {
    List<String> recap = new ArrayList<>();
    int value = problem.start();
    for (int i = 0; i < problem.steps().size(); i++) {
      String label = ArithmeticProblem.label(i);
      Step step = problem.steps().get(i);
      if (happens(style.restate())) {
        tokens.addAll(List.of("now", Integer.toString(value), "then", label));
        addOperation(step, tokens);
        tokens.add(";");
      }
      int right = step.apply(value);
      int written = slip(right, mix.errorRate());
      addStep(label, value, step, written, tokens);
      if (happens(style.check())) {
        written = check(right, written);
        tokens.addAll(List.of("wait", "check"));
        addStep(label, value, step, written, tokens);
        if (happens(style.checkAgain())) {
          written = check(right, written);
          tokens.addAll(List.of("again", "check"));
          addStep(label, value, step, written, tokens);
        }
      }
      addStep(label, value, step, written, recap);
      value = written;
    }
    if (happens(style.recap())) {
      tokens.add("recap");
      tokens.addAll(recap);
      tokens.addAll(List.of("so", Integer.toString(value), "ok", ";"));
    }
    return value;
  }

  /** What a check of a step that says {@code written} comes to. */
  private int check(int right, int written) {
    if (written == right) {
      return slip(right, mix.errorRate() / 10);
    }
    return happens(mix.repairRate()) ? right : written;
  }

  private int slip(int right, double probability) {
    if (!happens(probability)) {
      return right;
    }
    return Math.floorMod(right + SLIPS[random.nextInt(SLIPS.length)], ArithmeticProblem.MODULUS);
  }

  private boolean happens(double probability) {
    return random.nextDouble() < probability;
  }

  private static void addStep(String label, int value, Step step, int result, List<String> to) {
    to.add(label);
    to.add(Integer.toString(value));
    addOperation(step, to);
    addResult(result, to);
  }

  private static void addOperation(Step step, List<String> to) {
    to.add(step.operator().symbol());
    to.add(Integer.toString(step.operand()));
  }

  private static void addResult(int result, List<String> to) {
    to.addAll(List.of("=", Integer.toString(result), ";"));
  }
}
