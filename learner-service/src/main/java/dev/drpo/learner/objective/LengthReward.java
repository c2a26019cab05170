package dev.drpo.learner.objective;

/** r_l(o) = 1 - |o|/C, the linear length reward (Eq. 4). */
record LengthReward(int budget) {
  LengthReward {
    if (budget < 1) {
      throw new IllegalArgumentException("the length budget must be positive, not " + budget);
    }
  }

  double of(int length) {
    return 1 - (double) length / budget;
  }
}
