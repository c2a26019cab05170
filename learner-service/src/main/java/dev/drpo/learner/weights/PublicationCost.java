package dev.drpo.learner.weights;

import java.time.Duration;

/**
 * What it took to publish a version.
 *
 * @param snapshotBytes of its full weights
 * @param patchBytes of the patch that went into the log; 0 if there was none
 * @param encoding time to find and pack what changed, also where it became no patch
 * @param publication time until the broker had everything
 */
public record PublicationCost(
    long snapshotBytes, long patchBytes, Duration encoding, Duration publication) {}
