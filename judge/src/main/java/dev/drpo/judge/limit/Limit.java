package dev.drpo.judge.limit;

/** What can be too much about an input. */
public enum Limit {
  RESPONSE_SIZE,
  ANSWER_SIZE,
  NESTING,
  NUMBER_SIZE,
  STEPS
}
