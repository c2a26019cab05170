package dev.drpo.rollout.engine;

/** {@code tokens} tokens in a row that were sampled with one version. */
public record VersionSpan(PolicyVersion version, int tokens) {}
