package dev.drpo.objectives;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * What {@link Drpo} makes of a group without a wrong response, which Eq. 7 of arXiv 2510.04474
 * leaves out, although redundancy is largest there. The other two are this project's own.
 */
public enum AllCorrect {
  /** Nothing, as in the paper. */
  NONE {
    @Override
    double[] byScore(double[] weights) {
      return new double[weights.length];
    }
  },

  /**
   * Adds the term of the correct responses, sum_i w_i s_i: the short ones are pulled up more than
   * the long ones, and none is pushed down.
   */
  PULL {
    @Override
    double[] byScore(double[] weights) {
      return weights.clone();
    }
  },

  /**
   * Adds sum_i (w_i - 1/|S+|) s_i, which weighs the short ones against the long ones: correct
   * responses that are longer than most are pushed down.
   */
  CONTRAST {
    @Override
    double[] byScore(double[] weights) {
      return Arrays.stream(weights).map(weight -> weight - 1.0 / weights.length).toArray();
    }
  };

  /** Its word in a configuration. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The one of a word.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static AllCorrect named(String word) {
    List<String> words = Arrays.stream(values()).map(AllCorrect::word).toList();
    Option.ALL_CORRECT.require(words.contains(word), word, "it must be one of " + words);
    return values()[words.indexOf(word)];
  }

  /** What a group needs so that something is learned from it. */
  Signal signal() {
    return switch (this) {
      case NONE -> Signal.CORRECTNESS;
      case PULL -> Signal.ANY_CORRECT;
      case CONTRAST -> Signal.CORRECTNESS_OR_LENGTH;
    };
  }

  /**
   * Derivative of the group's term by each response's score.
   *
   * @param weights w, which sum to one
   */
  abstract double[] byScore(double[] weights);
}
