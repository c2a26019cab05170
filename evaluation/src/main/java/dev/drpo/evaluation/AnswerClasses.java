package dev.drpo.evaluation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiPredicate;

/**
 * The answers to one problem, those that are equal together. Equality by rules that round or leave
 * units out need not be transitive; a class is what is connected by it, so that the classes do not
 * depend on the order of the samples.
 *
 * @param classes in the order of their first members
 * @param silent samples that give no answer, and have no vote
 */
record AnswerClasses(List<AnswerClass> classes, int silent) {
  AnswerClasses {
    classes = List.copyOf(classes);
  }

  /**
   * Answers that are equal.
   *
   * @param votes samples that give one of them
   * @param right those of them that are right
   */
  record AnswerClass(int votes, int right) {
    AnswerClass {
      if (votes < 1 || right < 0 || right > votes) {
        throw new IllegalArgumentException(
            "a class of %d votes with %d right ones".formatted(votes, right));
      }
    }

    private AnswerClass and(AnswerClass other) {
      return new AnswerClass(votes + other.votes, right + other.right);
    }

    /** Share of its votes that are right. */
    double worth() {
      return (double) right / votes;
    }
  }

  /**
   * Sorts a problem's samples.
   *
   * @param same whether two answers, which differ as texts, are the same
   */
  static AnswerClasses of(List<JudgedSample> samples, BiPredicate<String, String> same) {
    Map<String, AnswerClass> byText = new LinkedHashMap<>();
    int silent = 0;
    for (JudgedSample sample : samples) {
      if (sample.answer().isBlank()) {
        silent++;
      } else {
        byText.merge(sample.answer(), new AnswerClass(1, sample.right() ? 1 : 0), AnswerClass::and);
      }
    }
    List<String> texts = List.copyOf(byText.keySet());
    int[] root = connected(texts, same);
    Map<Integer, AnswerClass> byRoot = new TreeMap<>();
    for (int i = 0; i < root.length; i++) {
      byRoot.merge(root[i], byText.get(texts.get(i)), AnswerClass::and);
    }
    return new AnswerClasses(new ArrayList<>(byRoot.values()), silent);
  }

  /** For each text the first one of those that it is connected with. */
  private static int[] connected(List<String> texts, BiPredicate<String, String> same) {
    int[] root = new int[texts.size()];
    for (int i = 0; i < root.length; i++) {
      root[i] = i;
      for (int j = 0; j < i; j++) {
        if (root[i] != root[j] && same.test(texts.get(j), texts.get(i))) {
          join(root, i, root[i], root[j]);
        }
      }
    }
    return root;
  }

  private static void join(int[] root, int last, int one, int other) {
    for (int i = 0; i <= last; i++) {
      if (root[i] == one || root[i] == other) {
        root[i] = Math.min(one, other);
      }
    }
  }
}
