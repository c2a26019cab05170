package dev.drpo.judge;

import dev.drpo.judge.convention.Convention;
import dev.drpo.judge.convention.Conventions;
import dev.drpo.judge.verdict.Rule;
import java.util.List;
import java.util.Optional;

/**
 * Finds the answer among the boxes of a response's answer part. That part follows the last {@code
 * </think>}; reasoning never counts, finished or not.
 */
final class AnswerExtraction {
  /** What JSON and most languages make of {@code \boxed} with a single backslash, and its brace. */
  private static final String MANGLED_BOX = "\boxed{";

  private AnswerExtraction() {}

  /** Finds the answer; the response must be within its size limit. */
  static Extraction find(String response, Conventions conventions) {
    Reasoning.AnswerPart part =
        Reasoning.answerPart(response, conventions.has(Convention.Option.REASONING_ANY));
    if (!part.ended() && conventions.has(Convention.Option.THINK_REQUIRED)) {
      return new Extraction.Missing(Rule.NO_THINK_END);
    }
    List<String> boxes = Boxes.in(response, part.start(), part.end()).contents();
    if (boxes.isEmpty()) {
      return unboxed(response, part, conventions)
          .<Extraction>map(Extraction.Found::new)
          .orElseGet(() -> missing(response));
    }
    if (conventions.has(Convention.Option.BOXES_ONE)
        && boxes.stream().map(AnswerText::normalised).distinct().count() > 1) {
      return new Extraction.Missing(Rule.SEVERAL_BOXES);
    }
    String answer =
        conventions.has(Convention.Option.BOXES_ALL) ? String.join(", ", boxes) : boxes.getLast();
    return answer.isBlank() ? new Extraction.Missing(Rule.EMPTY_BOX) : new Extraction.Found(answer);
  }

  private static Extraction missing(String response) {
    boolean mangled = response.indexOf(MANGLED_BOX) >= 0;
    return new Extraction.Missing(mangled ? Rule.MANGLED_BOX : Rule.NO_BOX);
  }

  private static Optional<String> unboxed(
      String response, Reasoning.AnswerPart part, Conventions conventions) {
    if (conventions.has(Convention.Option.EXTRACTION_BOXED)) {
      return Optional.empty();
    }
    Optional<String> hashes = Formulas.behindHashes(response, part.start(), part.end());
    return hashes.isEmpty() && conventions.has(Convention.Option.EXTRACTION_FORMULA)
        ? Formulas.last(response, part.start(), part.end())
        : hashes.filter(answer -> !answer.isBlank());
  }
}
