package dev.drpo.benchmarks.judge;

/**
 * A gold with a right and a wrong answer to it.
 *
 * @param equal the gold in another spelling
 * @param unequal what a model might answer instead
 */
record Pair(String gold, String equal, String unequal) {}
