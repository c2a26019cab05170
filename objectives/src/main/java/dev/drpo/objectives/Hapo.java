package dev.drpo.objectives;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * History-aware policy optimization (HAPO, arXiv 2505.11225), which asks for responses shorter than
 * the shortest correct one that the question has had so far:
 *
 * <pre>
 *   r = 1[correct] + w (max(c, -0.7) if correct, else min(c, 0)),  otherwise as {@link Grpo}
 *   c = cos( pi/2 min(|o| / h, 2) )
 * </pre>
 *
 * where h is the length of that shortest response. A group is measured by what was seen before it,
 * and changes h once it has been learned from. A question without a correct response so far has no
 * h, and its responses no length term.
 */
public final class Hapo implements Objective {
  /** The least length term of a correct response, so that a long one stays above a wrong one. */
  private static final double FLOOR = -0.7;

  private final ClippedRatio surrogate;
  private final double weight;
  private final Map<String, Long> shortest = new HashMap<>();

  /**
   * Sets the reward.
   *
   * @param clip how far a ratio may leave 1
   * @param weight w, of the length term
   */
  public Hapo(double clip, double weight) {
    this.surrogate = ClippedRatio.byResponse(clip);
    this.weight = weight;
  }

  @Override
  public Evaluation evaluate(List<Group> groups) {
    return surrogate.evaluate(groups, group -> Advantages.standardised(rewards(group)));
  }

  private double[] rewards(Group group) {
    Long best = shortest.get(group.question());
    return group.each(
        response ->
            (response.correct() ? 1 : 0)
                + (best == null ? 0 : weight * lengthTerm(response, best)));
  }

  private static double lengthTerm(Response response, double best) {
    double term = Math.cos(Math.PI / 2 * Math.min(response.length() / best, 2));
    return response.correct() ? Math.max(term, FLOOR) : Math.min(term, 0);
  }

  @Override
  public void observe(String question, boolean correct, int length) {
    if (correct) {
      shortest.merge(question, (long) length, Math::min);
    }
  }

  /** h by question, tokens. */
  @Override
  public Map<String, Long> state() {
    return Map.copyOf(shortest);
  }

  @Override
  public void restore(Map<String, Long> state) {
    state.forEach(
        (question, length) -> {
          if (length < 1) {
            throw new IllegalArgumentException(
                "the shortest correct response to question "
                    + question
                    + " can't have "
                    + length
                    + " tokens");
          }
        });
    shortest.clear();
    shortest.putAll(state);
  }

  /** Its {@link Option options}: by default w is that of arXiv 2505.11225. */
  public record Config(double clip, double hapoWeight) implements ObjectiveConfig {
    public static final Config DEFAULT = new Config(0.2, 1);

    public Config {
      Option.CLIP.require(clip);
      Option.HAPO_WEIGHT.require(hapoWeight);
    }

    @Override
    public String name() {
      return "hapo";
    }

    @Override
    public Objective objective(int lengthBudget) {
      return new Hapo(clip, hapoWeight);
    }
  }
}
