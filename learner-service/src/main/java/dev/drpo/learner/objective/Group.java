package dev.drpo.learner.objective;

import java.util.List;

/**
 * All responses to one question.
 *
 * @param responses at least one; groups may differ in size
 */
public record Group(List<Response> responses) {
  public Group {
    responses = List.copyOf(responses);
    if (responses.isEmpty()) {
      throw new IllegalArgumentException("a group needs at least one response");
    }
  }

  /** Number of correct responses. */
  public long correct() {
    return responses.stream().filter(Response::correct).count();
  }

  /** Whether the group has correct and wrong responses, without which it says nothing. */
  public boolean mixed() {
    return correct() > 0 && correct() < responses.size();
  }
}
