package dev.drpo.problems.curation;

import dev.drpo.policy.text.ChatMessage;
import dev.drpo.problems.Problem;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Problems for tests. */
final class Made {
  private Made() {}

  static Problem problem(String id, String text, String... golds) {
    return new Problem(id, List.of(new ChatMessage("user", text)), List.of(golds), Map.of());
  }

  static List<Problem> problems(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> problem("p" + i, "What is " + i + " + 1?", Integer.toString(i + 1)))
        .toList();
  }
}
