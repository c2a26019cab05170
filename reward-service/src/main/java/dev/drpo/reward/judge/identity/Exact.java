package dev.drpo.reward.judge.identity;

import dev.drpo.reward.judge.number.Rational;
import java.math.BigInteger;
import java.util.function.Function;

/** What exact arithmetic finds out about an expression. */
sealed interface Exact {
  Exact UNDEFINED = new Undefined();
  Exact UNKNOWN = new Unknown();

  /** A rational number. */
  record Value(Rational value) implements Exact {}

  /** Certainly without a value. */
  record Undefined() implements Exact {}

  /** Not a constant, not known to be rational, or too large. */
  record Unknown() implements Exact {}

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
    return left instanceof Undefined || right instanceof Undefined ? UNDEFINED : UNKNOWN;
  }
}
