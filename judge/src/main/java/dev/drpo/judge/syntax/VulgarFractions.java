package dev.drpo.judge.syntax;

import java.util.List;

/** Unicode characters that are a fraction by themselves. */
final class VulgarFractions {
  private static final String CHARACTERS = "½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅐⅛⅜⅝⅞⅑⅒";

  private static final List<List<String>> PARTS =
      List.of(
          List.of("1", "2"),
          List.of("1", "3"),
          List.of("2", "3"),
          List.of("1", "4"),
          List.of("3", "4"),
          List.of("1", "5"),
          List.of("2", "5"),
          List.of("3", "5"),
          List.of("4", "5"),
          List.of("1", "6"),
          List.of("5", "6"),
          List.of("1", "7"),
          List.of("1", "8"),
          List.of("3", "8"),
          List.of("5", "8"),
          List.of("7", "8"),
          List.of("1", "9"),
          List.of("1", "10"));

  private VulgarFractions() {}

  static boolean contain(char c) {
    return CHARACTERS.indexOf(c) >= 0;
  }

  /** Numerator and denominator. */
  static List<String> parts(char c) {
    return PARTS.get(CHARACTERS.indexOf(c));
  }
}
