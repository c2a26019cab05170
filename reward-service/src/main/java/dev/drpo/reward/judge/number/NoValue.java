package dev.drpo.reward.judge.number;

/**
 * Ends an evaluation that has no result. It carries no stack trace and there are two of it, since
 * an undefined point is an ordinary outcome of sampling.
 */
public final class NoValue extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** The expression certainly has no value, such as {@code 1/0}. */
  public static final NoValue UNDEFINED = new NoValue();

  /** Enclosures are too wide to tell; a higher precision may. */
  public static final NoValue UNSETTLED = new NoValue();

  private NoValue() {
    super(null, null, false, false);
  }
}
