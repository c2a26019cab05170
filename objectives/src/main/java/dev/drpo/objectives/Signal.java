package dev.drpo.objectives;

import java.util.List;
import java.util.function.Function;

/**
 * What tells the responses of a group apart, so that an objective can learn from them; a group
 * without it is one <em>without signal</em>. The constants agree where only the answer is rewarded.
 * With a second reward function, responses that are all right may differ in their rewards, and
 * right and wrong ones may earn the same.
 */
@FunctionalInterface
public interface Signal {
  /** Right answers beside wrong ones, whatever they earn. */
  Signal CORRECTNESS = differing(Judged::correct);

  /** Rewards of different size, whatever the answers are. */
  Signal REWARD = differing(Judged::reward);

  /** A right answer, whatever is beside it. */
  Signal ANY_CORRECT = group -> group.stream().anyMatch(Judged::correct);

  /** Right answers beside wrong ones, or of different length where all are right. */
  Signal CORRECTNESS_OR_LENGTH =
      group ->
          CORRECTNESS.in(group) || (ANY_CORRECT.in(group) && differing(Judged::length).in(group));

  /** Whether a group, which is all responses to one question, has it. */
  boolean in(List<? extends Judged> group);

  /**
   * Right answers of a length beside others, which are wrong or longer.
   *
   * @param tokens the longest that counts as right
   */
  static Signal correctWithin(double tokens) {
    return differing(response -> response.correct() && response.length() <= tokens);
  }

  private static Signal differing(Function<Judged, Object> trait) {
    return group -> group.stream().map(trait).distinct().count() > 1;
  }
}
