package dev.drpo.judge;

import java.util.List;

/** Where the reasoning of a response ends, and where it begins again. */
final class Reasoning {
  /** The tags of one format. */
  private record Tags(String open, String close) {}

  private static final Tags THINK = new Tags("<think>", "</think>");

  /** Those of other formats, the common one first. */
  private static final List<Tags> ANY =
      List.of(
          THINK,
          new Tags("<thinking>", "</thinking>"),
          new Tags("<thought>", "</thought>"),
          new Tags("<reasoning>", "</reasoning>"),
          new Tags("<reflection>", "</reflection>"),
          new Tags("<|begin_of_thought|>", "<|end_of_thought|>"));

  private Reasoning() {}

  /** The last end of reasoning as {@code </think>} says it; negative for none. */
  static int lastEnd(String response) {
    return response.lastIndexOf(THINK.close);
  }

  /**
   * The part of a response behind all that was reasoned.
   *
   * @param ended whether reasoning was said to have ended at all
   */
  record AnswerPart(int start, int end, boolean ended) {}

  static AnswerPart answerPart(String response, boolean anyTag) {
    List<Tags> tags = anyTag ? ANY : List.of(THINK);
    int start = 0;
    boolean ended = false;
    for (Tags pair : tags) {
      int close = response.lastIndexOf(pair.close);
      if (close >= 0) {
        ended = true;
        start = Math.max(start, close + pair.close.length());
      }
    }
    int end = response.length();
    for (Tags pair : tags) {
      int reopened = response.indexOf(pair.open, start);
      end = reopened < 0 ? end : Math.min(end, reopened);
    }
    return new AnswerPart(start, end, ended);
  }
}
