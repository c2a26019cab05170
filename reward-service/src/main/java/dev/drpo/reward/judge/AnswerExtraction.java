package dev.drpo.reward.judge;

import java.util.Arrays;

/**
 * Finds the last complete {@code \boxed{}} or {@code \fbox{}} of a response's answer part in one
 * scan. The answer part follows the last {@code </think>}; reasoning never counts, finished or not.
 */
final class AnswerExtraction {
  private static final String THINK = "<think>";
  private static final String THINK_END = "</think>";
  private static final String[] BOXES = {"\\boxed", "\\fbox"};

  /** Marks an open brace that belongs to no box. */
  private static final int PLAIN = -1;

  private final String response;
  private final int end;

  /** Per open brace, the index behind it if it opens a box, else {@link #PLAIN}. */
  private int[] open = new int[16];

  private int depth;

  private AnswerExtraction(String response, int end) {
    this.response = response;
    this.end = end;
  }

  /** Finds the answer; the response must be within its size limit. */
  static Extraction find(String response, Policies policies) {
    int lastThinkEnd = response.lastIndexOf(THINK_END);
    if (lastThinkEnd < 0 && policies.has(Policy.Option.THINK_REQUIRED)) {
      return new Extraction.Missing(Rule.NO_THINK_END);
    }
    int start = lastThinkEnd < 0 ? 0 : lastThinkEnd + THINK_END.length();
    int reopened = response.indexOf(THINK, start);
    int end = reopened < 0 ? response.length() : reopened;
    return new AnswerExtraction(response, end).scan(start);
  }

  private Extraction scan(int start) {
    String last = null;
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
          // A box that closes later starts later or encloses the earlier one.
          if (depth > 0 && open[--depth] != PLAIN) {
            last = response.substring(open[depth], at);
          }
          at++;
        }
        default -> at++;
      }
    }
    if (last == null) {
      return new Extraction.Missing(Rule.NO_BOX);
    }
    return last.isBlank() ? new Extraction.Missing(Rule.EMPTY_BOX) : new Extraction.Found(last);
  }

  /** Index of the content of the box whose command starts at {@code at}, or {@link #PLAIN}. */
  private int boxContent(int at) {
    for (String box : BOXES) {
      if (response.startsWith(box, at)) {
        int brace = at + box.length();
        while (brace < end && response.charAt(brace) == ' ') {
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
