package dev.drpo.judge;

/**
 * What a response still reasons although it has stated the right answer as a result.
 *
 * @param start index of its first character in the response, behind the statement
 * @param end index of the {@code </think>} that ends the reasoning
 */
public record ReasoningTail(int start, int end) {}
