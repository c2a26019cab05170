/**
 * Numbers that never lie: rationals, residues modulo primes, and balls, which are real numbers with
 * a bound on their error.
 *
 * <p>The balls are written here because no library for the JVM offers them. Apfloat has arbitrary
 * precision and the same functions, but no error bounds, so that a verdict would rest on guessed
 * guard digits; it also can't be stopped by a budget of steps, and its transforms for millions of
 * digits are slow at the few hundred bits that answers need.
 */
package dev.drpo.judge.number;
