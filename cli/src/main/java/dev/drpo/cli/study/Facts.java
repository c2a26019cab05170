package dev.drpo.cli.study;

import java.util.Random;

/**
 * Tables that turn a root into an answer, and that nothing but memory tells. A policy that has seen
 * a table seldom is unsure of it, however long it reasons: an error that no length cures.
 */
final class Facts {
  /** Tables that there are. */
  static final int TABLES = 20;

  /** The best known ones, which reinforcement learning asks for. */
  static final int ASKED = 4;

  private static final int[][] ANSWERS = new int[TABLES][SearchProblem.MODULUS];

  static {
    Random random = new Random(1);
    for (int[] table : ANSWERS) {
      for (int x = 0; x < table.length; x++) {
        table[x] = random.nextInt(SearchProblem.MODULUS);
      }
    }
  }

  private Facts() {}

  static int answer(int table, int root) {
    return ANSWERS[table][root];
  }

  /** A table of the warm start: the n-th is 1/n times as frequent as the first. */
  static int drawByFrequency(Random random) {
    double sum = 0;
    for (int table = 0; table < TABLES; table++) {
      sum += 1.0 / (table + 1);
    }
    double left = random.nextDouble() * sum;
    for (int table = 0; table < TABLES - 1; table++) {
      left -= 1.0 / (table + 1);
      if (left < 0) {
        return table;
      }
    }
    return TABLES - 1;
  }
}
