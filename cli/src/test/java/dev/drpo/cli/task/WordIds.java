package dev.drpo.cli.task;

import java.util.stream.Stream;

/** Token ids of texts by looking up each word, as the tokenizer has to give them. */
final class WordIds {
  private WordIds() {}

  static int[] of(String text) {
    return Stream.of(text.split(" ", -1)).mapToInt(Vocabulary::id).toArray();
  }

  static int[] prompt(ArithmeticProblem problem) {
    return of(problem.prompt());
  }

  /** With the end-of-sequence token. */
  static int[] response(Trace trace) {
    return of(trace.text() + " " + Vocabulary.END_OF_SEQUENCE);
  }
}
