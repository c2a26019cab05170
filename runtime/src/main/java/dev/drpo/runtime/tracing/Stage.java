package dev.drpo.runtime.tracing;

/** A stage of a group's way. Each is one span of the group's trace, but for the step's. */
public enum Stage {
  /** The learner publishes the task, until the broker has it. */
  DISPATCH("dispatch"),
  /** From the task's publication until a replica begins to sample it. */
  PROMPT_QUEUE("wait for a replica"),
  /** Until the sampled group is published. */
  SAMPLE("sample"),
  /** From the group's completion until a judge takes it up. */
  ROLLOUT_QUEUE("wait for a judge"),
  /** Until the scored group is published. */
  JUDGE("judge"),
  /** From the verdicts until the learner takes up the step, or reads an evaluation's group. */
  SCORED_QUEUE("wait for the learner"),
  /** The update, a trace of its own that is linked to those of the groups. */
  STEP("step");

  private final String text;

  Stage(String text) {
    this.text = text;
  }

  /** Name of its span. */
  public String spanName() {
    return text;
  }
}
