package dev.drpo.judge.identity;

import dev.drpo.judge.number.Rational;
import java.math.BigInteger;
import java.util.function.Function;

/** What exact arithmetic finds out about an expression. */
sealed interface Exact {
  /** A rational number. */
  record Value(Rational value) implements Exact {}

  /** Why there is no number. */
  enum Absent implements Exact {
    /** Certainly without a value. */
    UNDEFINED,
    /** Not a constant, not known to be rational, or too large. */
    UNKNOWN
  }

  /** An operation on two numbers. */
  interface Operation {
    Exact apply(Rational left, Rational right);
  }

  static Exact of(BigInteger integer) {
    return new Value(Rational.of(integer));
  }

  /** Applies an operation to a value; what has none keeps its reason. */
  default Exact map(Function<Rational, Exact> operation) {
    return this instanceof Value(Rational value) ? operation.apply(value) : this;
  }

  /** Applies an operation to two values. A part without a value leaves none to the whole. */
  static Exact both(Exact left, Exact right, Operation operation) {
    if (left instanceof Value(Rational first) && right instanceof Value(Rational second)) {
      return operation.apply(first, second);
    }
    return left == Absent.UNDEFINED || right == Absent.UNDEFINED
        ? Absent.UNDEFINED
        : Absent.UNKNOWN;
  }
}
