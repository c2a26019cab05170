package dev.drpo.runtime.config;

/** The type of the numbers that something is computed with or sent as. */
public enum Precision {
  FLOAT32,
  BFLOAT16;

  /** Its name in a Hugging Face {@code config.json}, and in a run's configuration. */
  public String configName() {
    return Text.of(this);
  }
}
