package dev.drpo.judge.syntax;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Reads numbers of several words: {@code twenty one}, {@code two thousand three hundred}. */
final class NumberWords {
  private static final int HUNDRED = 100;
  private static final Map<String, Integer> LARGE = Map.of("thousand", 1000, "million", 1_000_000);

  private NumberWords() {}

  static Optional<Integer> value(List<String> words) {
    int total = 0;
    int group = 0;
    int ceiling = Integer.MAX_VALUE;
    boolean any = false;
    for (String written : words) {
      String word = written.toLowerCase(Locale.ROOT);
      Integer large = LARGE.get(word);
      if (large != null) {
        if (group == 0 || large >= ceiling) {
          return Optional.empty();
        }
        total += group * large;
        ceiling = large;
        group = 0;
      } else if (word.equals("hundred")) {
        if (group < 1 || group > 9) {
          return Optional.empty();
        }
        group *= HUNDRED;
      } else {
        Optional<Integer> small = Wording.number(word);
        if (small.isEmpty() || !fits(group, small.get(), any)) {
          return Optional.empty();
        }
        group += small.get();
      }
      any = true;
    }
    return any ? Optional.of(total + group) : Optional.empty();
  }

  /** Whether a word goes on with a number: behind tens only digits, behind hundreds anything. */
  private static boolean fits(int before, int next, boolean any) {
    if (next == 0) {
      return !any;
    }
    int rest = before % HUNDRED;
    return rest == 0 ? next < HUNDRED : rest >= 20 && rest % 10 == 0 && next < 10;
  }
}
