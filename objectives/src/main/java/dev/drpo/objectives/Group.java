package dev.drpo.objectives;

import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * All responses to one question.
 *
 * @param question its identity over the run, under which objectives may remember it
 * @param responses at least one; groups may differ in size
 */
public record Group(String question, List<Response> responses) {
  public Group {
    responses = List.copyOf(responses);
    if (responses.isEmpty()) {
      throw new IllegalArgumentException("group " + question + " needs at least one response");
    }
  }

  /** Number of responses, G. */
  public int size() {
    return responses.size();
  }

  /** Number of correct responses. */
  public long correct() {
    return responses.stream().filter(Response::correct).count();
  }

  /** Share of correct responses. */
  public double solveRate() {
    return (double) correct() / size();
  }

  /** Whether the group has correct and wrong responses. */
  public boolean mixed() {
    return Signal.CORRECTNESS.in(responses);
  }

  /** A number for each response, in order. */
  double[] each(ToDoubleFunction<Response> number) {
    return responses.stream().mapToDouble(number).toArray();
  }
}
