package dev.drpo.judge.syntax;

/** Unicode characters that are raised or lowered by themselves. */
enum Script {
  RAISED("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿⁱ⁽⁾", "0123456789+-ni()"),
  LOWERED("₀₁₂₃₄₅₆₇₈₉₊₋ₙᵢ", "0123456789+-ni");

  private final String characters;
  private final String meanings;

  Script(String characters, String meanings) {
    this.characters = characters;
    this.meanings = meanings;
  }

  boolean contains(char c) {
    return characters.indexOf(c) >= 0;
  }

  /** The character on the line that one of the script stands for. */
  char plain(char c) {
    return meanings.charAt(characters.indexOf(c));
  }
}
