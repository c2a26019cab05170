package dev.drpo.engines;

import dev.drpo.policy.sampler.SamplingLaw;
import java.util.List;

/**
 * What a server is asked for at once: a response, or what is missing of one.
 *
 * @param id under which it can be aborted
 * @param prompt token ids, those that were sampled before included
 * @param law what each token is drawn from
 * @param budget most tokens
 * @param ends tokens that end it
 * @param draws by which random numbers
 * @param attempt from 0 on
 * @param weights label of the weights to sample with, which keeps caches of prefixes apart
 */
@SuppressWarnings("ArrayRecordComponent") // Compared by nobody; a list would box every token.
record SegmentRequest(
    String id,
    int[] prompt,
    SamplingLaw law,
    int budget,
    List<Integer> ends,
    Draws draws,
    int attempt,
    String weights) {}
