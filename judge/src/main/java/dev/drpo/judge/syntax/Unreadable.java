package dev.drpo.judge.syntax;

/** Leaves the parsing of a text that is outside the grammar. */
public final class Unreadable extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Without a stack trace, since hostile input must not make refusals expensive. */
  Unreadable(String found) {
    super("'" + found + "' is outside the grammar", null, false, false);
  }
}
