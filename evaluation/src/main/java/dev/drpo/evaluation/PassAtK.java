package dev.drpo.evaluation;

import java.util.List;

/**
 * pass@k: the probability that at least one of k samples is right. Of n samples with c right ones,
 * 1 - C(n - c, k) / C(n, k) is its unbiased estimate (Chen et al., "Evaluating Large Language
 * Models Trained on Code", arXiv 2107.03374, Eq. 1); 1 - (1 - c/n)^k is biased.
 */
final class PassAtK {
  private PassAtK() {}

  /**
   * Averaged over problems.
   *
   * @throws IllegalArgumentException if a problem has fewer than {@code k} samples
   */
  static double of(List<JudgedProblem> problems, int k) {
    return problems.stream()
        .mapToDouble(problem -> of(problem.samples().size(), problem.right(), k))
        .average()
        .orElse(Double.NaN);
  }

  /** Of one problem. */
  static double of(int samples, int right, int k) {
    requireEnough(samples, k);
    double allWrong = 1;
    for (int i = 0; i < k; i++) {
      allWrong *= Math.max(0.0, samples - right - i) / (samples - i);
    }
    return 1 - allWrong;
  }

  static void requireEnough(int samples, int k) {
    if (k < 1 || k > samples) {
      throw new IllegalArgumentException(
          "k is %d, but a problem has %d samples; k must be from 1 to that".formatted(k, samples));
    }
  }
}
