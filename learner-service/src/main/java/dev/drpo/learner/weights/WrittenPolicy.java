package dev.drpo.learner.weights;

import java.nio.file.Path;

/**
 * A version of the policy in a file, on its way to its publication.
 *
 * @param step training steps that made it
 * @param file safetensors
 */
public record WrittenPolicy(long step, Path file) {}
