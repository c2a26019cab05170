package dev.drpo.judge.comparison;

import dev.drpo.judge.expression.Expression;
import dev.drpo.judge.identity.Identity;
import dev.drpo.judge.number.Rational;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Unions of classes {@code offset + step · n} over all integers n. They are brought to one common
 * step, in which every class falls apart into finitely many.
 */
final class Residues {
  private static final int MAX_CLASSES = 64;
  private static final int MAX_PARTS = 24;

  private final Identity identity;
  private final WholeNumbers wholes;

  enum Sameness {
    SAME,
    DIFFERENT,
    UNKNOWN
  }

  Residues(Identity identity) {
    this.identity = identity;
    this.wholes = new WholeNumbers(identity);
  }

  Sameness areSame(List<ResidueClass> one, List<ResidueClass> other) {
    try {
      Expression unit = one.getFirst().step();
      List<Rational> steps = new ArrayList<>();
      for (List<ResidueClass> classes : List.of(one, other)) {
        for (ResidueClass item : classes) {
          Optional<Rational> multiple = multiple(item.step(), unit);
          if (multiple.isEmpty()) {
            // Progressions without a common step can't cover each other.
            return one.size() == 1 && other.size() == 1 && isRational(one, other)
                ? Sameness.DIFFERENT
                : Sameness.UNKNOWN;
          }
          steps.add(multiple.get().abs());
        }
      }
      Rational common = steps.stream().reduce(Residues::leastCommonMultiple).orElseThrow();
      Expression period = new Expression.Product(List.of(unit, new Expression.Number(common)));
      List<Expression> left = offsets(one, steps, common);
      List<Expression> right = offsets(other, steps.subList(one.size(), steps.size()), common);
      return covers(left, right, period) && covers(right, left, period)
          ? Sameness.SAME
          : Sameness.DIFFERENT;
    } catch (RealSet.Unordered unordered) {
      return Sameness.UNKNOWN;
    }
  }

  /** Whether exactly one side is rational throughout, so that the other is another set. */
  private boolean isRational(List<ResidueClass> one, List<ResidueClass> other) {
    return identity.rational(one.getFirst().step()).isPresent()
        != identity.rational(other.getFirst().step()).isPresent();
  }

  /** How many times the unit a constant is, if that is a fraction of small parts. */
  private Optional<Rational> multiple(Expression constant, Expression unit) {
    Expression ratio = new Expression.Quotient(constant, unit);
    Optional<Rational> exact = identity.rational(ratio);
    if (exact.isPresent()) {
      return exact;
    }
    for (int parts = 1; parts <= MAX_PARTS; parts++) {
      Expression scaled =
          new Expression.Product(List.of(ratio, new Expression.Number(Rational.of(parts))));
      Optional<BigInteger> whole = wholes.exactly(scaled);
      if (whole.isPresent()) {
        return Optional.of(new Rational(whole.get(), BigInteger.valueOf(parts)));
      }
    }
    return Optional.empty();
  }

  private static Rational leastCommonMultiple(Rational one, Rational other) {
    BigInteger top = one.numerator().multiply(other.denominator());
    BigInteger otherTop = other.numerator().multiply(one.denominator());
    BigInteger multiple = top.multiply(otherTop).divide(top.gcd(otherTop));
    return new Rational(multiple, one.denominator().multiply(other.denominator()));
  }

  /** The offsets of all classes of the common step that make up these. */
  private static List<Expression> offsets(
      List<ResidueClass> classes, List<Rational> steps, Rational common) {
    List<Expression> offsets = new ArrayList<>();
    for (int i = 0; i < classes.size(); i++) {
      Rational count = common.dividedBy(steps.get(i));
      if (count.compareTo(Rational.of(MAX_CLASSES)) > 0) {
        throw new RealSet.Unordered();
      }
      for (int n = 0; n < count.numerator().intValue(); n++) {
        offsets.add(
            new Expression.Sum(
                List.of(
                    classes.get(i).offset(),
                    new Expression.Product(
                        List.of(classes.get(i).step(), new Expression.Number(Rational.of(n)))))));
      }
    }
    if (offsets.size() > MAX_CLASSES) {
      throw new RealSet.Unordered();
    }
    return offsets;
  }

  private boolean covers(List<Expression> cover, List<Expression> covered, Expression period) {
    return covered.stream()
        .allMatch(wanted -> cover.stream().anyMatch(one -> isCongruent(one, wanted, period)));
  }

  private boolean isCongruent(Expression one, Expression other, Expression period) {
    Expression turns =
        new Expression.Quotient(
            new Expression.Sum(List.of(one, new Expression.Negation(other))), period);
    return wholes.exactly(turns).isPresent();
  }
}
