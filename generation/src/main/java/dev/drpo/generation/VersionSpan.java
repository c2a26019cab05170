package dev.drpo.generation;

import dev.drpo.policy.checkpoint.PolicyVersion;

/** {@code tokens} tokens in a row that were sampled with one version. */
public record VersionSpan(PolicyVersion version, int tokens) {}
