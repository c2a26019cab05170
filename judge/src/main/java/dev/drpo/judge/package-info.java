/**
 * Decides whether a response answers a mathematical problem as one of the golds does.
 *
 * <p>{@link dev.drpo.judge.Judge} is the door. A response passes through four rooms: {@link
 * dev.drpo.judge.AnswerExtraction} finds the answer's text, {@code syntax} reads it into an {@code
 * answer} made of {@code expression}s, {@code comparison} holds it against the gold form by form
 * under the {@link dev.drpo.judge.convention.Conventions}, and {@code identity} decides whether two
 * expressions are the same value or function. Everything here is plain Java, deterministic and
 * bounded by {@link dev.drpo.judge.limit.Limits}.
 */
package dev.drpo.judge;
