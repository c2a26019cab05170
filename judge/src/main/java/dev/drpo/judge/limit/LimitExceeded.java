package dev.drpo.judge.limit;

/** Ends work that would cost more than {@link Limits} allow. */
public final class LimitExceeded extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Limit limit;

  public LimitExceeded(Limit limit) {
    // Without a stack trace, since hostile input must not make refusals expensive.
    super(null, null, false, false);
    this.limit = limit;
  }

  public Limit limit() {
    return limit;
  }
}
