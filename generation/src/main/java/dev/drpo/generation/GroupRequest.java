package dev.drpo.generation;

import dev.drpo.policy.sampler.CounterRandom;
import java.util.Arrays;

/**
 * A prompt to sample a group of responses for.
 *
 * @param prompt token ids
 * @param sampling how
 * @param stream identity of the prompt for the random numbers: a response is a function of the
 *     weights, the seed, the stream and its index in the group
 * @param firstSample index of the first response, where the group is a part of a larger one
 * @param firstToken tokens that were drawn before, and are the last of the prompt, where responses
 *     are continued
 * @param requiredStep the group starts only with weights of this step or newer
 */
@SuppressWarnings("ArrayRecordComponent") // Compared by nobody; a list would box every token.
public record GroupRequest(
    int[] prompt,
    Sampling sampling,
    long stream,
    int firstSample,
    int firstToken,
    long requiredStep) {
  /** A whole group, from its first token on. */
  public GroupRequest(int[] prompt, Sampling sampling, long stream, long requiredStep) {
    this(prompt, sampling, stream, 0, 0, requiredStep);
  }

  /** The request of a prompt that has no identity but its tokens, of any weights. */
  public static GroupRequest of(int[] prompt, Sampling sampling) {
    return new GroupRequest(prompt, sampling, CounterRandom.hash(Arrays.toString(prompt)), 0);
  }
}
