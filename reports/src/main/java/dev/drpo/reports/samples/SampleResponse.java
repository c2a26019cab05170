package dev.drpo.reports.samples;

import java.util.List;

/**
 * One response as it is kept: what {@code drpo rollouts show --json} prints of it, and what the
 * objective made of it.
 *
 * @param sample its index in the group, from 0
 * @param right whether its answer equals a gold answer
 * @param outcome the judge's, in words
 * @param rule that decided; empty where none did
 * @param reward what it earned
 * @param answer the answer as the judge found it in the text; empty where it found none
 * @param normalAnswer the answer as the judge read it
 * @param normalGold the gold answer that it was held against, likewise
 * @param tokens its length
 * @param cutOff whether the length budget ended it
 * @param weight mean weight that the objective gave to its tokens; below 0 makes it less likely.
 *     NaN where the update was skipped
 * @param versions of the policy that sampled it, in order
 * @param text decoded tokens, special ones left out
 */
public record SampleResponse(
    int sample,
    boolean right,
    String outcome,
    String rule,
    double reward,
    String answer,
    String normalAnswer,
    String normalGold,
    int tokens,
    boolean cutOff,
    double weight,
    List<Long> versions,
    String text) {
  public SampleResponse {
    versions = List.copyOf(versions);
  }
}
