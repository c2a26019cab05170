package dev.drpo.reward.judge.comparison;

import java.util.Arrays;
import java.util.function.IntBinaryOperator;

/**
 * Pairs the elements of two lists of one length. Equality under policies isn't transitive (5 equals
 * 5 cm and 5 m, which differ), so that a first partner may have to be given up for another element:
 * augmenting paths, after H. W. Kuhn.
 */
final class Pairing {
  private static final int UNKNOWN = -1;

  private final int size;
  private final IntBinaryOperator areEqual;
  private final int[][] known;

  /** By element of the second list, its partner in the first, or {@link #UNKNOWN}. */
  private final int[] partners;

  /**
   * @param areEqual 1 if an element of the first list equals one of the second, else 0
   */
  Pairing(int size, IntBinaryOperator areEqual) {
    this.size = size;
    this.areEqual = areEqual;
    this.known = new int[size][];
    this.partners = new int[size];
    Arrays.fill(partners, UNKNOWN);
  }

  /** Finds a partner for an element of the first list, all before it keeping one. */
  boolean pair(int element) {
    return pair(element, new boolean[size]);
  }

  private boolean pair(int element, boolean[] tried) {
    for (int other = 0; other < size; other++) {
      if (!tried[other] && partners[other] == UNKNOWN && isEqual(element, other)) {
        partners[other] = element;
        return true;
      }
    }
    for (int other = 0; other < size; other++) {
      if (!tried[other] && partners[other] != UNKNOWN && isEqual(element, other)) {
        tried[other] = true;
        if (pair(partners[other], tried)) {
          partners[other] = element;
          return true;
        }
      }
    }
    return false;
  }

  private boolean isEqual(int element, int other) {
    if (known[element] == null) {
      known[element] = new int[size];
      Arrays.fill(known[element], UNKNOWN);
    }
    if (known[element][other] == UNKNOWN) {
      known[element][other] = areEqual.applyAsInt(element, other);
    }
    return known[element][other] == 1;
  }
}
