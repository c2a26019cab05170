package dev.drpo.benchmarks.judge;

/**
 * The least that any grader does: finds the last box behind the reasoning, and compares its text
 * with the gold's. The floor that the judge's speed is set against.
 */
final class PlainTextGrader {
  private static final String THINK_END = "</think>";
  private static final String BOX = "\\boxed{";

  private PlainTextGrader() {}

  static boolean isRight(String gold, String response) {
    int box = response.lastIndexOf(BOX);
    if (box < 0 || box < response.lastIndexOf(THINK_END)) {
      return false;
    }
    int start = box + BOX.length();
    int depth = 1;
    for (int i = start; i < response.length(); i++) {
      char c = response.charAt(i);
      if (c == '{') {
        depth++;
      } else if (c == '}' && --depth == 0) {
        return response.substring(start, i).equals(gold);
      }
    }
    return false;
  }
}
