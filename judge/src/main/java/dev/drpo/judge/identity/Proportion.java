package dev.drpo.judge.identity;

/** Whether one expression is a constant real multiple of another, everywhere. */
public enum Proportion {
  /** The factor is positive, or both are zero everywhere. */
  POSITIVE,
  NEGATIVE,
  /** There is no such factor other than zero. */
  NONE,
  /** A side has no value anywhere. */
  UNDEFINED,
  /** Too few points were found where both sides have a value. */
  UNDECIDED
}
