package dev.drpo.judge.number;

/**
 * Ends an evaluation that has no result. It carries no stack trace, since an undefined point is an
 * ordinary outcome of sampling.
 */
public final class NoValue extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final boolean certain;

  private NoValue(boolean certain) {
    super(null, null, false, false);
    this.certain = certain;
  }

  /** The expression certainly has no value, such as {@code 1/0}. */
  public static NoValue undefined() {
    return new NoValue(true);
  }

  /** Enclosures are too wide to tell; a higher precision may. */
  public static NoValue unsettled() {
    return new NoValue(false);
  }

  /** Whether there is no value at any precision. */
  public boolean isCertain() {
    return certain;
  }
}
