package dev.drpo.judge;

import dev.drpo.judge.convention.Convention;
import dev.drpo.judge.convention.Conventions;
import dev.drpo.judge.verdict.Rule;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Finds the complete {@code \boxed{}} and {@code \fbox{}} of a response's answer part in one scan.
 * The answer part follows the last {@code </think>}; reasoning never counts, finished or not.
 */
final class AnswerExtraction {
  private static final String THINK = "<think>";
  private static final String THINK_END = "</think>";
  private static final String[] BOXES = {"\\boxed", "\\fbox"};

  /** What JSON and most languages make of {@code \boxed} with a single backslash, and its brace. */
  private static final String MANGLED_BOX = "\boxed{";

  /** Marks an open brace that belongs to no box. */
  private static final int PLAIN = -1;

  private final String response;
  private final int end;

  /** Per open brace, the index behind it if it opens a box, else {@link #PLAIN}. */
  private int[] open = new int[16];

  private int depth;

  /** Complete boxes in order, none inside another. */
  private final List<Box> boxes = new ArrayList<>();

  private record Box(int start, int end) {}

  private AnswerExtraction(String response, int end) {
    this.response = response;
    this.end = end;
  }

  /** Finds the answer; the response must be within its size limit. */
  static Extraction find(String response, Conventions conventions) {
    int lastThinkEnd = response.lastIndexOf(THINK_END);
    if (lastThinkEnd < 0 && conventions.has(Convention.Option.THINK_REQUIRED)) {
      return new Extraction.Missing(Rule.NO_THINK_END);
    }
    int start = lastThinkEnd < 0 ? 0 : lastThinkEnd + THINK_END.length();
    int reopened = response.indexOf(THINK, start);
    int end = reopened < 0 ? response.length() : reopened;
    AnswerExtraction extraction = new AnswerExtraction(response, end);
    extraction.scan(start);
    return extraction.answer(conventions);
  }

  private Extraction answer(Conventions conventions) {
    if (boxes.isEmpty()) {
      boolean mangled = response.indexOf(MANGLED_BOX) >= 0;
      return new Extraction.Missing(mangled ? Rule.MANGLED_BOX : Rule.NO_BOX);
    }
    List<String> texts =
        boxes.stream().map(box -> response.substring(box.start(), box.end())).toList();
    if (conventions.has(Convention.Option.BOXES_ONE)
        && texts.stream().map(AnswerText::normalised).distinct().count() > 1) {
      return new Extraction.Missing(Rule.SEVERAL_BOXES);
    }
    String answer =
        conventions.has(Convention.Option.BOXES_ALL) ? String.join(", ", texts) : texts.getLast();
    return answer.isBlank() ? new Extraction.Missing(Rule.EMPTY_BOX) : new Extraction.Found(answer);
  }

  private void scan(int start) {
    int at = start;
    while (at < end) {
      switch (response.charAt(at)) {
        case '\\' -> {
          int content = boxContent(at);
          if (content == PLAIN) {
            // Skips the escaped character too: \{ and \} are no braces.
            at += 2;
          } else {
            push(content);
            at = content;
          }
        }
        case '{' -> {
          push(PLAIN);
          at++;
        }
        case '}' -> {
          if (depth > 0 && open[--depth] != PLAIN) {
            close(new Box(open[depth], at));
          }
          at++;
        }
        default -> at++;
      }
    }
  }

  private void close(Box box) {
    while (!boxes.isEmpty() && boxes.getLast().start() > box.start()) {
      boxes.removeLast();
    }
    boxes.add(box);
  }

  /** Index of the content of the box whose command starts at {@code at}, or {@link #PLAIN}. */
  private int boxContent(int at) {
    for (String box : BOXES) {
      if (response.startsWith(box, at)) {
        int brace = at + box.length();
        while (brace < end && Character.isWhitespace(response.charAt(brace))) {
          brace++;
        }
        return brace < end && response.charAt(brace) == '{' ? brace + 1 : PLAIN;
      }
    }
    return PLAIN;
  }

  private void push(int content) {
    if (depth == open.length) {
      open = Arrays.copyOf(open, 2 * depth);
    }
    open[depth++] = content;
  }
}
