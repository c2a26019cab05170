/** Polynomials and rational functions in one symbol, their roots, and substitution. */
package dev.drpo.judge.algebra;
