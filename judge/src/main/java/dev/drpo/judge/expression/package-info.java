/** Scalar expressions as written, before anything is computed. */
package dev.drpo.judge.expression;
