package dev.drpo.reward.function;

import dev.drpo.judge.Boxes;
import jakarta.inject.Singleton;

/**
 * {@code format}: 1 if a response reasons once and then answers once, else 0. To the letter:
 *
 * <ul>
 *   <li>{@code </think>} occurs exactly once;
 *   <li>{@code <think>} occurs at most once, and then at the very beginning, before nothing but
 *       space; many chat templates write it themselves, so that it need not be there;
 *   <li>after {@code </think>} there is exactly one {@code \boxed{…}} or {@code \fbox{…}}, it is
 *       closed, and it holds more than space. Boxes inside boxes count.
 * </ul>
 *
 * <p>What is in the box, how long the reasoning is, and boxes inside the reasoning do not matter.
 */
@Singleton
class FormatFunction implements RewardFunction {
  private static final String THINK = "<think>";
  private static final String THINK_END = "</think>";

  @Override
  public String name() {
    return "format";
  }

  @Override
  public double value(Submission submission) {
    return isWellFormed(submission.response()) ? 1 : 0;
  }

  private static boolean isWellFormed(String response) {
    int end = response.indexOf(THINK_END);
    int last = response.lastIndexOf(THINK_END);
    int begin = response.lastIndexOf(THINK);
    boolean thinksOnce =
        end >= 0
            && end == last
            && (begin < 0 || (begin < end && response.substring(0, begin).isBlank()));
    return thinksOnce && answersOnce(response, end + THINK_END.length());
  }

  private static boolean answersOnce(String response, int start) {
    Boxes boxes = Boxes.in(response, start, response.length());
    return boxes.begun() == 1 && boxes.contents().stream().anyMatch(box -> !box.isBlank());
  }
}
