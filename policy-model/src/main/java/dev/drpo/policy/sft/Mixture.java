package dev.drpo.policy.sft;

import dev.drpo.policy.trainer.MicroBatch.Sequence;
import java.util.List;

/**
 * Sets of sequences, of which each draw takes one with a probability in proportion to its weight.
 */
public record Mixture(List<Part> parts) {
  /**
   * A set.
   *
   * @param sequences one or more
   * @param weight above 0
   */
  public record Part(List<Sequence> sequences, double weight) {
    public Part {
      if (sequences.isEmpty()) {
        throw new IllegalArgumentException("a part of a mixture needs a sequence");
      }
      if (!(weight > 0 && Double.isFinite(weight))) {
        throw new IllegalArgumentException(
            "weight is " + weight + "; it must be above 0 and finite");
      }
    }
  }

  public Mixture {
    parts = List.copyOf(parts);
    if (parts.isEmpty()) {
      throw new IllegalArgumentException("a mixture needs a part");
    }
  }

  /** One set, of which nothing is drawn again before everything was drawn. */
  public static Mixture of(List<Sequence> sequences) {
    return new Mixture(List.of(new Part(sequences, 1)));
  }
}
