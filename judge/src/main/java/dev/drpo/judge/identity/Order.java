package dev.drpo.judge.identity;

/** How two expressions lie on the real line, its infinite ends included. */
public enum Order {
  LESS,
  EQUAL,
  GREATER,
  /** A side isn't a real number or an end of the line, or depends on a symbol. */
  INCOMPARABLE
}
