package dev.drpo.judge.algebra;

/** Leaves an algebraic method whose conditions aren't met. */
public final class Unsolvable extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public Unsolvable() {
    // Without a stack trace, since it is an ordinary outcome.
    super(null, null, false, false);
  }
}
