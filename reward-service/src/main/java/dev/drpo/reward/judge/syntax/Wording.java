package dev.drpo.reward.judge.syntax;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Tells words from symbols that stand side by side. */
final class Wording {
  private static final int SHORTEST_WORD = 3;
  private static final int LONGEST_PRODUCT = 3;

  private static final List<String> SMALL_NUMBERS =
      List.of(
          "zero",
          "one",
          "two",
          "three",
          "four",
          "five",
          "six",
          "seven",
          "eight",
          "nine",
          "ten",
          "eleven",
          "twelve",
          "thirteen",
          "fourteen",
          "fifteen",
          "sixteen",
          "seventeen",
          "eighteen",
          "nineteen",
          "twenty");

  private static final Map<String, Integer> LARGER_NUMBERS =
      Map.of(
          "thirty", 30, "forty", 40, "fifty", 50, "sixty", 60, "seventy", 70, "eighty", 80,
          "ninety", 90, "hundred", 100);

  private Wording() {}

  /** Whether letters on their own are a word: three or more, and not such as {@code abc}. */
  static boolean isWord(String letters) {
    return letters.length() >= SHORTEST_WORD && !areNeighbours(letters);
  }

  /** Whether letters beside other math may be symbols. */
  static boolean mayBeProduct(String letters) {
    return letters.length() <= LONGEST_PRODUCT || areNeighbours(letters);
  }

  /** Whether the letters are consecutive in the alphabet, as those of {@code xyz} are. */
  private static boolean areNeighbours(String letters) {
    int[] sorted = letters.chars().sorted().toArray();
    for (int i = 1; i < sorted.length; i++) {
      if (sorted[i] != sorted[i - 1] + 1) {
        return false;
      }
    }
    return true;
  }

  /** The number that a word names. */
  static Optional<Integer> number(String word) {
    String lower = word.toLowerCase(Locale.ROOT);
    int small = SMALL_NUMBERS.indexOf(lower);
    return small >= 0 ? Optional.of(small) : Optional.ofNullable(LARGER_NUMBERS.get(lower));
  }
}
