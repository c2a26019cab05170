package dev.drpo.objectives;

import java.util.List;

/**
 * What tells the responses of a group apart, so that an objective can learn from them; a group
 * without it is one <em>without signal</em>. The two agree where only the answer is rewarded. With
 * a second reward function, responses that are all right may differ in their rewards, and right and
 * wrong ones may earn the same.
 */
public enum Signal {
  /** Right answers beside wrong ones, whatever they earn. */
  CORRECTNESS {
    @Override
    public boolean in(List<? extends Judged> group) {
      return group.stream().map(Judged::correct).distinct().count() > 1;
    }
  },

  /** Rewards of different size, whatever the answers are. */
  REWARD {
    @Override
    public boolean in(List<? extends Judged> group) {
      return group.stream().anyMatch(response -> response.reward() != group.getFirst().reward());
    }
  };

  /** Whether a group, which is all responses to one question, has it. */
  public abstract boolean in(List<? extends Judged> group);
}
