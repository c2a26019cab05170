package dev.drpo.learner.step;

/**
 * What all mini-batches of a run have in common.
 *
 * @param temperature the sampling temperature, which divides the logits
 * @param tokensPerMicroBatch most tokens of one pass
 * @param retainedTokens tokens of a device whose activations may be kept at once
 * @param workers micro-batches that are computed at once
 * @param importance what tokens of another policy count
 */
public record UpdateSettings(
    double temperature,
    int tokensPerMicroBatch,
    long retainedTokens,
    int workers,
    Importance importance) {}
