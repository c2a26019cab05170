package dev.drpo.cli.eval;

/**
 * One response, whoever gave it.
 *
 * @param text without special tokens
 * @param tokens its ids; none where a server gave only the text
 * @param length in tokens, the end-of-sequence token included
 * @param truncated whether the budget or the context ended it
 */
@SuppressWarnings("ArrayRecordComponent") // Compared by nobody; a list would box every token.
record Response(String text, int[] tokens, int length, boolean truncated) {}
