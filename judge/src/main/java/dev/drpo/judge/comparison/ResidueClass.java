package dev.drpo.judge.comparison;

import dev.drpo.judge.expression.Expression;

/** All {@code offset + step · n}; the step isn't zero. */
record ResidueClass(Expression offset, Expression step) {}
