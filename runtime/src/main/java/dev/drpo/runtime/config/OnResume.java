package dev.drpo.runtime.config;

/** Whether a key may have another value when a run goes on from its checkpoint. */
public enum OnResume {
  /** It makes the run this one. */
  NEVER("no"),

  /** The run would go elsewhere: it may change where the user asks for just that. */
  SHAPES_RUN("with `run.resume-changed`"),

  /** As {@link #SHAPES_RUN} where the learning rate falls towards the last step, else free. */
  SHAPES_COSINE("yes; under `optimizer.schedule: cosine` with `run.resume-changed`"),

  /** Numbers are added up in another order, and nothing else changes. */
  ROUNDING("yes, but the last bits differ"),

  /** Where and how the run's parts run, not what they compute. */
  FREE("yes");

  private final String text;

  OnResume(String text) {
    this.text = text;
  }

  /** The answer, for a person. */
  public String text() {
    return text;
  }
}
