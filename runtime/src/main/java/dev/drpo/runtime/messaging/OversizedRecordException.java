package dev.drpo.runtime.messaging;

/**
 * A record is larger than a record may be, which no repetition changes: what it was made from
 * belongs among the dead letters.
 */
public final class OversizedRecordException extends MessagingException {
  private static final long serialVersionUID = 1L;

  OversizedRecordException(String message) {
    super(message);
  }

  OversizedRecordException(String message, Throwable cause) {
    super(message, cause);
  }
}
