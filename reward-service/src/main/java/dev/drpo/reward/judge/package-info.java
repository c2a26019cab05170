/**
 * Decides whether a response answers a mathematical problem as one of the golds does.
 *
 * <p>A response passes through four rooms: {@link dev.drpo.reward.judge.AnswerExtraction} finds the
 * answer's text, {@link dev.drpo.reward.judge.Lexer} and {@link dev.drpo.reward.judge.Parser} turn
 * it into {@link dev.drpo.reward.judge.Syntax}, {@link dev.drpo.reward.judge.Evaluation} turns that
 * into an exact {@link dev.drpo.reward.judge.Quantity}, and {@link
 * dev.drpo.reward.judge.Comparison} applies the policies. {@link dev.drpo.reward.judge.Judge} is
 * the door. Everything here is plain Java, deterministic and bounded by {@link
 * dev.drpo.reward.judge.Limits}.
 */
package dev.drpo.reward.judge;
