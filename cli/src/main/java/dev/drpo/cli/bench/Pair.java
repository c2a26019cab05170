package dev.drpo.cli.bench;

/**
 * A gold with a right and a wrong answer to it.
 *
 * @param equal the gold in another spelling
 * @param unequal what a model might answer instead
 */
record Pair(String gold, String equal, String unequal) {}
