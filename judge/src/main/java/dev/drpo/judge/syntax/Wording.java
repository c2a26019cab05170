package dev.drpo.judge.syntax;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Tells words from symbols that stand side by side. */
final class Wording {
  private static final int MIN_WORD = 3;
  private static final int MAX_PRODUCT = 3;

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

  private static final Set<String> NOT_COUNTED =
      Set.of(
          "half",
          "halves",
          "third",
          "thirds",
          "quarter",
          "quarters",
          "fourth",
          "fifth",
          "sixth",
          "seventh",
          "eighth",
          "ninth",
          "tenth",
          "double",
          "doubled",
          "triple",
          "tripled",
          "squared",
          "cubed",
          "plus",
          "minus",
          "times",
          "over",
          "choose",
          "factorial",
          "negative",
          "positive",
          "pi",
          "percent",
          "is",
          "are",
          "was",
          "not",
          "no",
          "but",
          "if",
          "or",
          "and",
          "maybe",
          "perhaps",
          "probably",
          "possibly",
          "guess",
          "wrong",
          "correct",
          "incorrect",
          "more",
          "less",
          "fewer",
          "than",
          "about",
          "approximately",
          "roughly",
          "almost",
          "nearly",
          "except",
          "i",
          "we",
          "it",
          "the",
          "then",
          "so",
          "because",
          "since",
          "when",
          "where",
          "which",
          "mod",
          "modulo",
          "to",
          "from",
          "instead",
          "rather",
          "else",
          "hundred",
          "hundreds",
          "pairs",
          "score");

  private static final Map<String, Integer> LARGER_NUMBERS =
      Map.of(
          "thirty", 30, "forty", 40, "fifty", 50, "sixty", 60, "seventy", 70, "eighty", 80,
          "ninety", 90, "hundred", 100);

  private Wording() {}

  /** Whether letters on their own are a word: three or more, and not such as {@code abc}. */
  static boolean isWord(String letters) {
    return (letters.length() >= MIN_WORD && !areNeighbours(letters))
        || letters.equalsIgnoreCase("no");
  }

  /** Whether letters beside other math may be symbols. */
  static boolean mayBeProduct(String letters) {
    return letters.length() <= MAX_PRODUCT || areNeighbours(letters);
  }

  /** Whether the letters follow the alphabet without a gap, as those of {@code xyz} do. */
  private static boolean areNeighbours(String letters) {
    for (int i = 1; i < letters.length(); i++) {
      if (letters.charAt(i) != letters.charAt(i - 1) + 1) {
        return false;
      }
    }
    return true;
  }

  /**
   * Whether a word behind a number may say what is counted. Words that change the number, such as
   * {@code half}, or comment on it, such as {@code maybe}, make the whole unreadable.
   */
  static boolean mayBeCounted(String word) {
    String lower = word.toLowerCase(Locale.ROOT);
    return number(lower).isEmpty() && !lower.endsWith("ths") && !NOT_COUNTED.contains(lower);
  }

  /** The number that a word names. */
  static Optional<Integer> number(String word) {
    String lower = word.toLowerCase(Locale.ROOT);
    int small = SMALL_NUMBERS.indexOf(lower);
    return small >= 0 ? Optional.of(small) : Optional.ofNullable(LARGER_NUMBERS.get(lower));
  }
}
