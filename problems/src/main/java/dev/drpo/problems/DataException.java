package dev.drpo.problems;

/** A data set that can't be used. The message names the file, the line and what is wrong. */
public final class DataException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public DataException(String message) {
    super(message);
  }
}
