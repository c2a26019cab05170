package dev.drpo.policy.trainer;

/**
 * What a policy says of a micro-batch's response tokens.
 *
 * @param logProbabilities one natural logarithm per response token
 * @param entropies of the whole distribution that each token is of, at the same temperature, nats
 */
public record TokenScores(float[] logProbabilities, float[] entropies) {}
