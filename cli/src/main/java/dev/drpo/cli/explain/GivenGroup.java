package dev.drpo.cli.explain;

import dev.drpo.cli.exit.UsageError;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Function;

/**
 * The group that the command line describes, checked.
 *
 * @param rewards one for each response; above zero is right
 * @param lengths tokens of each response
 * @param maxLength C, the length budget, tokens
 */
record GivenGroup(List<Double> rewards, List<Integer> lengths, int maxLength) {
  /** Every token takes memory, as it does in training. */
  private static final long MAX_TOKENS = 10_000_000;

  /**
   * Reads the two lists.
   *
   * @throws UsageError if they are malformed or don't fit each other
   */
  static GivenGroup parse(String rewards, String lengths, int maxLength) {
    if (maxLength < 1) {
      throw new UsageError("--max-length is " + maxLength + "; it must be 1 or more");
    }
    List<Double> ofResponses =
        entries("--rewards", rewards, "a finite number such as 1, 0 or 0.6", GivenGroup::reward);
    List<Integer> tokens =
        entries("--lengths", lengths, "a whole number of tokens, 1 or more", GivenGroup::length);
    if (ofResponses.size() != tokens.size()) {
      throw new UsageError(
          "--rewards has %d and --lengths has %d; give one of each for every response"
              .formatted(ofResponses.size(), tokens.size()));
    }
    OptionalInt tooLong =
        tokens.stream().mapToInt(length -> length).filter(l -> l > maxLength).findFirst();
    if (tooLong.isPresent()) {
      throw new UsageError(
          "--lengths has %d, above the longest response allowed; raise --max-length, now %d"
              .formatted(tooLong.getAsInt(), maxLength));
    }
    long total = tokens.stream().mapToLong(length -> length).sum();
    if (total > MAX_TOKENS) {
      throw new UsageError(
          "--lengths has %,d tokens in all; explain computes with at most %,d"
              .formatted(total, MAX_TOKENS));
    }
    return new GivenGroup(ofResponses, tokens, maxLength);
  }

  private static Double reward(String text) {
    double reward = Double.parseDouble(text);
    if (!Double.isFinite(reward)) {
      throw new NumberFormatException();
    }
    return reward;
  }

  private static Integer length(String text) {
    int length = Integer.parseInt(text);
    if (length < 1) {
      throw new NumberFormatException();
    }
    return length;
  }

  private static <T> List<T> entries(
      String option, String list, String expectation, Function<String, T> reader) {
    if (list.isBlank()) {
      throw new UsageError(option + " is empty; give at least one response");
    }
    List<T> entries = new ArrayList<>();
    for (String entry : list.split(",", -1)) {
      try {
        entries.add(reader.apply(entry.strip()));
      } catch (NumberFormatException e) {
        throw new UsageError(
            "%s is %s, in which '%s' is not %s; separate entries by commas"
                .formatted(option, list, entry.strip(), expectation));
      }
    }
    return entries;
  }

  boolean isRight(int response) {
    return rewards.get(response) > 0;
  }

  /** Whether some reward is neither 1 nor 0. */
  boolean isShaped() {
    return rewards.stream().anyMatch(reward -> reward != 0 && reward != 1);
  }

  double[] rewardArray() {
    return rewards.stream().mapToDouble(Double::doubleValue).toArray();
  }

  int[] lengthArray() {
    return lengths.stream().mapToInt(Integer::intValue).toArray();
  }
}
