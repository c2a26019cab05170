package dev.drpo.tracking.mlflow;

import java.io.IOException;

/** A tracking server that answers with an error. */
final class MlflowException extends IOException {
  private static final long serialVersionUID = 1;

  private final String code;

  /**
   * Says what was asked and what came of it.
   *
   * @param code MLflow's name of the error, such as {@code RESOURCE_DOES_NOT_EXIST}; empty where
   *     the answer has none
   */
  MlflowException(String message, String code) {
    super(message);
    this.code = code;
  }

  boolean is(String error) {
    return code.equals(error);
  }
}
