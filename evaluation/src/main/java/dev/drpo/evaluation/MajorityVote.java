package dev.drpo.evaluation;

import dev.drpo.evaluation.AnswerClasses.AnswerClass;
import java.util.List;
import java.util.function.BiPredicate;

/**
 * maj@k: the probability that the answer which most of k samples give is right (self-consistency,
 * Wang et al., arXiv 2203.11171). Estimated without bias as the mean over all choices of k of the n
 * samples, which is computed exactly: how many votes each class of equal answers gets in a choice
 * is hypergeometric. Classes that tie are drawn from by lot, so that a tie is worth the mean of
 * theirs; a class whose members were judged differently is worth its share of right ones; a choice
 * without any answer is wrong.
 */
final class MajorityVote {
  private MajorityVote() {}

  /**
   * Averaged over problems.
   *
   * @param same whether two answers are the same
   * @throws IllegalArgumentException if a problem has fewer than {@code k} samples
   */
  static double of(List<JudgedProblem> problems, int k, BiPredicate<String, String> same) {
    return problems.stream()
        .mapToDouble(problem -> of(AnswerClasses.of(problem.samples(), same), k))
        .average()
        .orElse(Double.NaN);
  }

  /** Of one problem. */
  static double of(AnswerClasses answers, int k) {
    int samples = answers.silent();
    for (AnswerClass each : answers.classes()) {
      samples += each.votes();
    }
    PassAtK.requireEnough(samples, k);
    LogBinomials logs = new LogBinomials(samples);
    double right = 0;
    for (AnswerClass winner : answers.classes()) {
      for (int votes = 1; votes <= Math.min(winner.votes(), k); votes++) {
        double chosen = logs.of(winner.votes(), votes) - logs.of(samples, k);
        right += winner.worth() * shareOfWins(answers, winner, votes, k, logs, chosen);
      }
    }
    return right;
  }

  /**
   * Probability that a class gets so many votes, and no class gets more; where t others get as
   * many, it counts 1 / (t + 1).
   *
   * @param chosen logarithm of the share of choices for each way to draw the other samples
   */
  private static double shareOfWins(
      AnswerClasses answers,
      AnswerClass winner,
      int votes,
      int k,
      LogBinomials logs,
      double chosen) {
    int rest = k - votes;
    int ties = Math.min(rest / votes, answers.classes().size() - 1);
    // [samples drawn][ties]: number of ways, as a logarithm.
    double[][] ways = LogBinomials.none(rest + 1, ties + 1);
    ways[0][0] = 0;
    for (AnswerClass other : answers.classes()) {
      if (other != winner) {
        ways = drawn(ways, other.votes(), votes, logs);
      }
    }
    double share = 0;
    for (int drawn = Math.max(0, rest - answers.silent()); drawn <= rest; drawn++) {
      double silent = logs.of(answers.silent(), rest - drawn);
      for (int t = 0; t <= ties; t++) {
        share += Math.exp(chosen + silent + ways[drawn][t]) / (t + 1);
      }
    }
    return share;
  }

  private static double[][] drawn(double[][] ways, int members, int most, LogBinomials logs) {
    double[][] next = LogBinomials.none(ways.length, ways[0].length);
    for (int before = 0; before < ways.length; before++) {
      for (int ties = 0; ties < ways[0].length; ties++) {
        if (ways[before][ties] == Double.NEGATIVE_INFINITY) {
          continue;
        }
        for (int i = 0; i <= Math.min(Math.min(members, most), ways.length - 1 - before); i++) {
          int tied = i == most ? ties + 1 : ties;
          if (tied < ways[0].length) {
            next[before + i][tied] =
                LogBinomials.sum(next[before + i][tied], ways[before][ties] + logs.of(members, i));
          }
        }
      }
    }
    return next;
  }
}
