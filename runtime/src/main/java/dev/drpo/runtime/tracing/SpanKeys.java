package dev.drpo.runtime.tracing;

/** Names of spans' attributes. */
public final class SpanKeys {
  /** Id of the run. */
  public static final String RUN = "drpo.run";

  /** Step, as the group's identity has it. */
  public static final String STEP = "drpo.step";

  /** Id of the prompt. */
  public static final String PROMPT = "drpo.prompt";

  /** Whether the group is for training or for an evaluation. */
  public static final String PURPOSE = "drpo.purpose";

  /** Step of the weights that a task asks for, at least. */
  public static final String REQUIRED_POLICY_STEP = "drpo.policy.required_step";

  /** Step of the oldest weights behind a token. */
  public static final String POLICY_STEP = "drpo.policy.step";

  /** Step of the newest weights behind a token. */
  public static final String NEWEST_POLICY_STEP = "drpo.policy.newest_step";

  /** Tokens of the responses together. */
  public static final String TOKENS = "drpo.tokens";

  /** Responses of the group. */
  public static final String RESPONSES = "drpo.responses";

  /** Responses whose answer is right. */
  public static final String RIGHT = "drpo.right";

  /** Groups that a step learned from. */
  public static final String GROUPS = "drpo.groups";

  /** How often a record has been delivered, 1 for the first time. */
  public static final String DELIVERY = "drpo.delivery";

  private SpanKeys() {}
}
