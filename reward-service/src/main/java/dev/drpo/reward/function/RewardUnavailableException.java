package dev.drpo.reward.function;

/** Something that a reward function needs is away, for every response alike. */
public final class RewardUnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * Makes one.
   *
   * @param message what is away and where, for a person
   */
  public RewardUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }
}
