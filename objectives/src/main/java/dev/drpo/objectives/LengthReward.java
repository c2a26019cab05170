package dev.drpo.objectives;

/**
 * r_l(o), what a correct response is worth by its length: 1 for none of the budget, 0 for all of
 * it. Eq. 4 of arXiv 2510.04474 is the linear one; its second version has the others.
 */
public enum LengthReward {
  /** 1 - |o|/C. */
  LINEAR {
    @Override
    double ofShare(double share) {
      return 1 - share;
    }
  },

  /** 1 - (|o|/C)^2: forgiving to short responses, strict to long ones. */
  CONCAVE {
    @Override
    double ofShare(double share) {
      return 1 - share * share;
    }
  },

  /** 0.5 + 0.5 cos(pi |o|/C): steepest at half of the budget. */
  COSINE {
    @Override
    double ofShare(double share) {
      return 0.5 + 0.5 * Math.cos(Math.PI * share);
    }
  };

  abstract double ofShare(double share);

  /**
   * The reward of a response.
   *
   * @param length |o|, tokens
   * @param budget C, tokens
   */
  double of(int length, int budget) {
    return ofShare((double) length / budget);
  }
}
