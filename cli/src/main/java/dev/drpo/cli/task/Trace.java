package dev.drpo.cli.task;

import java.util.List;

/**
 * A response to imitate, right or wrong.
 *
 * @param style how it was written
 * @param answer the number in the box, 0..19
 * @param tokens the words of the response, without the end-of-sequence token
 */
public record Trace(TraceStyle style, int answer, List<String> tokens) {
  public Trace {
    tokens = List.copyOf(tokens);
  }

  /** The response as text, for example {@code <think> a 12 * 3 = 16 ; </think> \boxed{ 16 }}. */
  public String text() {
    return String.join(" ", tokens);
  }

  /** Length of the response in tokens, the end-of-sequence token included. */
  public int length() {
    return tokens.size() + 1;
  }
}
