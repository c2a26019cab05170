package dev.drpo.engines;

/** What a server does wrong with one request. */
enum Mischief {
  /** Status 500. */
  ERROR,
  /** The connection ends before the answer. */
  HANG_UP,
  /** The answer's JSON is cut off. */
  TRUNCATED,
  /** One log-probability is missing from the list. */
  MISCOUNTED,
  /** A log-probability is null. */
  NO_LOG_PROBABILITY,
  /** A log-probability is NaN. */
  NAN,
  /** A log-probability is -9999. */
  FLOORED,
  /** A log-probability is above 0. */
  POSITIVE,
  /** A token of no policy. */
  UNKNOWN_TOKEN,
  /** It says that the budget is used up, which it is not. */
  CUT_SHORT,
  /** It stops at any token. */
  NO_END,
  /** It is cut after some tokens, though nobody asked for it. */
  ABORTED,
  /** It is cut before its first token. */
  ABORTED_BEFORE_PREFILL
}
