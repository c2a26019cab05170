package dev.drpo.runtime.messaging;

/**
 * A topic does not hold what its reader has read any more: the broker lost its data, somebody
 * deleted the topic, or what lies at the reader's position was removed. Whoever can do without it
 * reads the topic from its beginning.
 */
public final class LostLogException extends MessagingException {
  private static final long serialVersionUID = 1L;

  public LostLogException(String message) {
    super(message);
  }

  LostLogException(String message, Throwable cause) {
    super(message, cause);
  }
}
