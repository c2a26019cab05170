package dev.drpo.engines;

import java.util.Locale;

/** Why an answer can't be used; what was asked for is then sampled again. */
public enum AnswerFault {
  /** It is cut off, or has not the fields that it should. */
  MALFORMED("is not the JSON that was expected"),
  /** It has not one log-probability for each token. */
  MISCOUNTED("has not one log-probability for each token"),
  /** It has ended without a token. */
  EMPTY("has no token"),
  /** It has more tokens than were asked for. */
  TOO_LONG("has more tokens than were asked for"),
  /** It has a token that the policy does not know. */
  UNKNOWN_TOKEN("has a token that the policy does not know"),
  /** A log-probability is missing or NaN. */
  MISSING_LOG_PROBABILITY("lacks a log-probability"),
  /** A log-probability is above 0. */
  IMPOSSIBLE_LOG_PROBABILITY("has a log-probability above 0"),
  /** A log-probability is the floor that servers put where they have none. */
  FLOORED_LOG_PROBABILITY("has a log-probability that stands for none (-9999 or less)"),
  /** It is said to have used up its budget, and has not. */
  CUT_SHORT(
      "ended for its length before its budget; the server limits lengths itself: start it with a"
          + " larger --max-model-len or --context-length, and without the max_new_tokens of"
          + " generation_config.json (--generation-config vllm)"),
  /** It is said to have ended by itself, with a token that ends nothing. */
  NO_END(
      "stopped at a token that is none of the policy's ends; start the server with the policy's own"
          + " folder, whose generation_config.json names them"),
  /** It goes on behind a token that ends a response. */
  PASSED_END("goes on behind a token that ends a response"),
  /** It was sampled with other weights than it should. */
  OTHER_WEIGHTS("was sampled with other weights");

  private final String says;

  AnswerFault(String says) {
    this.says = says;
  }

  /** What it is, after the name of an answer. */
  String says() {
    return says;
  }

  /** Its name in metrics. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
