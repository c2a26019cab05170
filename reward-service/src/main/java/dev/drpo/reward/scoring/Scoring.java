package dev.drpo.reward.scoring;

import dev.drpo.proto.records.v1.ScoredGroup;

/** What scoring a group came to. */
sealed interface Scoring {
  /** Every response is judged. */
  record Scored(ScoredGroup group) implements Scoring {}

  /**
   * The group can't be learned from, whoever scores it.
   *
   * @param reason what is wrong, for a person
   */
  record Malformed(String reason) implements Scoring {}

  /**
   * A reward function needs something that is away; the group is as good as before.
   *
   * @param reason what is away, for a person
   */
  record Unavailable(String reason) implements Scoring {}
}
