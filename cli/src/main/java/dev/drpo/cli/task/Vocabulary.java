package dev.drpo.cli.task;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The 46 words of the task; a token's id is its place in the list. */
final class Vocabulary {
  static final String PADDING = PolicyFiles.PADDING;
  static final String END_OF_SEQUENCE = PolicyFiles.END_OF_SEQUENCE;

  private static final List<String> FIXED =
      List.of(
          PADDING,
          END_OF_SEQUENCE,
          "+",
          "-",
          "*",
          "=",
          ";",
          "?",
          "<think>",
          "</think>",
          "\\boxed{",
          "}",
          "wait",
          "check",
          "now",
          "then",
          "so",
          "again",
          "recap",
          "ok");

  static final List<String> TOKENS =
      Stream.of(
              FIXED.stream(),
              IntStream.range(0, ArithmeticProblem.MAX_STEPS).mapToObj(ArithmeticProblem::label),
              IntStream.range(0, ArithmeticProblem.MODULUS).mapToObj(Integer::toString))
          .flatMap(words -> words)
          .toList();

  private static final Map<String, Integer> IDS =
      IntStream.range(0, TOKENS.size())
          .boxed()
          .collect(Collectors.toUnmodifiableMap(TOKENS::get, id -> id));

  private Vocabulary() {}

  static int id(String token) {
    Integer id = IDS.get(token);
    if (id == null) {
      throw new IllegalArgumentException("'" + token + "' is not one of the words " + TOKENS);
    }
    return id;
  }
}
