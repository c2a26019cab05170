package dev.drpo.judge;

import dev.drpo.judge.convention.Convention;
import dev.drpo.judge.convention.Conventions;
import dev.drpo.judge.verdict.Rule;
import java.util.List;

/**
 * Finds the answer among the boxes of a response's answer part. That part follows the last {@code
 * </think>}; reasoning never counts, finished or not.
 */
final class AnswerExtraction {
  private static final String THINK = "<think>";
  static final String THINK_END = "</think>";

  /** What JSON and most languages make of {@code \boxed} with a single backslash, and its brace. */
  private static final String MANGLED_BOX = "\boxed{";

  private AnswerExtraction() {}

  /** Finds the answer; the response must be within its size limit. */
  static Extraction find(String response, Conventions conventions) {
    int lastThinkEnd = response.lastIndexOf(THINK_END);
    if (lastThinkEnd < 0 && conventions.has(Convention.Option.THINK_REQUIRED)) {
      return new Extraction.Missing(Rule.NO_THINK_END);
    }
    int start = lastThinkEnd < 0 ? 0 : lastThinkEnd + THINK_END.length();
    int reopened = response.indexOf(THINK, start);
    int end = reopened < 0 ? response.length() : reopened;
    List<String> boxes = Boxes.in(response, start, end).contents();
    if (boxes.isEmpty()) {
      boolean mangled = response.indexOf(MANGLED_BOX) >= 0;
      return new Extraction.Missing(mangled ? Rule.MANGLED_BOX : Rule.NO_BOX);
    }
    if (conventions.has(Convention.Option.BOXES_ONE)
        && boxes.stream().map(AnswerText::normalised).distinct().count() > 1) {
      return new Extraction.Missing(Rule.SEVERAL_BOXES);
    }
    String answer =
        conventions.has(Convention.Option.BOXES_ALL) ? String.join(", ", boxes) : boxes.getLast();
    return answer.isBlank() ? new Extraction.Missing(Rule.EMPTY_BOX) : new Extraction.Found(answer);
  }
}
