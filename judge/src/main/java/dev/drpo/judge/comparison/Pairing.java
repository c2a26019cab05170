package dev.drpo.judge.comparison;

import dev.drpo.judge.answer.Answer;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntBinaryOperator;

/**
 * Pairs the elements of two lists of one length. Equality under conventions isn't transitive (5
 * equals 5 cm and 5 m, which differ), so that a first partner may have to be given up for another
 * element: augmenting paths, after H. W. Kuhn.
 */
final class Pairing {
  private static final int UNKNOWN = -1;

  private final int size;

  /** By element of the first list, one of the second that is written alike, or {@link #UNKNOWN}. */
  private final int[] alike;

  private final IntBinaryOperator areEqual;
  private final int[][] known;

  /** By element of the second list, its partner in the first, or {@link #UNKNOWN}. */
  private final int[] partners;

  /**
   * @param first and {@code second} are of one length
   * @param areEqual 1 if an element of the first list equals one of the second, else 0
   */
  Pairing(List<Answer> first, List<Answer> second, IntBinaryOperator areEqual) {
    this.size = first.size();
    this.alike = alike(first, second);
    this.areEqual = areEqual;
    this.known = new int[size][];
    this.partners = new int[size];
    Arrays.fill(partners, UNKNOWN);
  }

  /** Long lists are often the same elements in another order. */
  private static int[] alike(List<Answer> first, List<Answer> second) {
    Map<Answer, Deque<Integer>> places = new HashMap<>();
    for (int i = 0; i < second.size(); i++) {
      places.computeIfAbsent(second.get(i), answer -> new ArrayDeque<>()).add(i);
    }
    int[] alike = new int[first.size()];
    for (int i = 0; i < alike.length; i++) {
      Deque<Integer> found = places.get(first.get(i));
      alike[i] = found == null || found.isEmpty() ? UNKNOWN : found.remove();
    }
    return alike;
  }

  /** Finds a partner for an element of the first list, all before it keeping one. */
  boolean pair(int element) {
    int likely = alike[element];
    if (likely != UNKNOWN && partners[likely] == UNKNOWN && isEqual(element, likely)) {
      partners[likely] = element;
      return true;
    }
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
