package dev.drpo.runtime.messaging;

/** The broker can't do what was asked. The message names the subject and the remedy. */
public class MessagingException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  MessagingException(String message) {
    super(message);
  }

  MessagingException(String message, Throwable cause) {
    super(message, cause);
  }
}
