package dev.drpo.generation;

/** A response that ended in the last step. */
record FinishedRow(RunningGroup group, int sample, SampledResponse response) {}
