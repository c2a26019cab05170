package dev.drpo.cli.study;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.zip.CRC32;

/**
 * Which of some candidates x solves a x + b = c modulo {@link #MODULUS}. The first candidate is the
 * likely one, but nothing in the problem tells whether it is right: only a test does.
 *
 * @param a 2 to 18, so that every c has one root
 * @param b 1 to 18
 * @param candidates distinct, in the order of a heuristic; one of them is the root
 * @param table of {@link Facts} by which the root gives the answer; empty where the root is the
 *     answer
 */
record SearchProblem(int a, int b, int c, List<Integer> candidates, OptionalInt table) {
  static final int MODULUS = 19;
  static final int FEWEST = 2;
  static final int MOST = 6;

  /** Ranks from this one on count as one level, so that each has enough problems. */
  private static final int HIGHEST_LEVEL = 3;

  SearchProblem {
    candidates = List.copyOf(candidates);
  }

  /** a x + b modulo {@link #MODULUS}. */
  int value(int x) {
    return (product(x) + b) % MODULUS;
  }

  /** a x modulo {@link #MODULUS}. */
  int product(int x) {
    return a * x % MODULUS;
  }

  /** The candidate that solves it. */
  int root() {
    return candidates.stream().filter(x -> value(x) == c).findFirst().orElseThrow();
  }

  /** What has to be in the box. */
  int answer() {
    return answer(root());
  }

  /** What is in the box of somebody who takes a candidate for the root. */
  int answer(int x) {
    return table.isPresent() ? Facts.answer(table.getAsInt(), x) : x;
  }

  /** How many candidates a search tests in vain: 0, 1, 2, or 3 for more. */
  int level() {
    return Math.min(candidates.indexOf(root()), HIGHEST_LEVEL);
  }

  /** What the policy reads, for example {@code a7 b3 c5 x4 x11 ?}. */
  String prompt() {
    return "a%d b%d c%d %s %s?"
        .formatted(
            a,
            b,
            c,
            candidates.stream().map(x -> "x" + x).collect(Collectors.joining(" ")),
            table.isPresent() ? "d" + table.getAsInt() + " " : "");
  }

  /** Identifies the problem and is safe as a file name, for example {@code a7b3c5x4x11}. */
  String id() {
    return prompt().replace(" ", "").replace("?", "");
  }

  /** A tenth of all problems, whatever file they stand in. */
  boolean isHeldOut() {
    CRC32 crc = new CRC32();
    crc.update(prompt().getBytes(UTF_8));
    return crc.getValue() % 10 == 0;
  }
}
