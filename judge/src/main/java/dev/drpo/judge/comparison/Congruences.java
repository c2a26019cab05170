package dev.drpo.judge.comparison;

import static dev.drpo.judge.comparison.Decision.different;
import static dev.drpo.judge.comparison.Decision.equal;

import dev.drpo.judge.algebra.Substitution;
import dev.drpo.judge.answer.Answer;
import dev.drpo.judge.answer.Answer.Congruence;
import dev.drpo.judge.expression.Expression;
import dev.drpo.judge.identity.Agreement;
import dev.drpo.judge.identity.Identity;
import dev.drpo.judge.number.Rational;
import dev.drpo.judge.verdict.Rule;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Congruences with literal moduli as residue classes, others by what is congruent. */
final class Congruences {
  private static final int MAX_MODULUS = 200;

  private final Identity identity;

  Congruences(Identity identity) {
    this.identity = identity;
  }

  static boolean isCongruence(Answer answer) {
    return answer instanceof Congruence
        || (answer instanceof Answer.Listing(List<Answer> elements, boolean _)
            && !elements.isEmpty()
            && elements.stream().allMatch(element -> element instanceof Congruence));
  }

  /**
   * Decides what can't be decided by classes: congruences about different unknowns, or with symbols
   * for residues or moduli.
   */
  Optional<Decision> compare(Answer gold, Answer answer) {
    Set<String> left = symbols(gold);
    Set<String> right = symbols(answer);
    boolean named = !left.isEmpty() && !right.isEmpty();
    if (named && !left.equals(right)) {
      return Optional.of(different(Rule.DIFFERENT_EQUATIONS));
    }
    if (left.size() <= 1 && right.size() <= 1) {
      return Optional.empty();
    }
    return gold instanceof Congruence one && answer instanceof Congruence other
        ? Optional.of(
            areAlike(one, other)
                ? equal(Rule.EQUAL_EQUATIONS)
                : different(Rule.DIFFERENT_EQUATIONS))
        : Optional.empty();
  }

  /** {@code 17 \bmod 5} against 2: the remainder that a division leaves. */
  Optional<Decision> asRemainder(Answer one, Answer other) {
    if (!(one instanceof Congruence(List<Expression> members, Expression modulus))
        || members.size() != 1
        || !(other instanceof Answer.Scalar(Expression value, var unit))
        || !unit.isNone()
        || !Substitution.symbols(value).isEmpty()) {
      return Optional.empty();
    }
    Optional<Rational> divisor = integer(modulus).filter(m -> m.numerator().signum() > 0);
    Optional<Rational> dividend = integer(members.getFirst());
    if (divisor.isEmpty() || dividend.isEmpty()) {
      return Optional.empty();
    }
    Rational rest = Rational.of(dividend.get().numerator().mod(divisor.get().numerator()));
    return Optional.of(
        identity.rational(value).filter(rest::equals).isPresent()
            ? equal(Rule.EQUAL_NUMBERS)
            : different(Rule.DIFFERENT_NUMBERS));
  }

  private Optional<Rational> integer(Expression constant) {
    return identity.rational(constant).filter(Rational::isInteger);
  }

  private static Set<String> symbols(Answer answer) {
    Set<String> names = new TreeSet<>();
    List<Answer> all =
        answer instanceof Answer.Listing listing ? listing.elements() : List.of(answer);
    for (Answer element : all) {
      Congruence congruence = (Congruence) element;
      congruence.members().forEach(member -> names.addAll(Substitution.symbols(member)));
      names.addAll(Substitution.symbols(congruence.modulus()));
    }
    return names;
  }

  private boolean areAlike(Congruence one, Congruence other) {
    if (one.members().size() != 2 || other.members().size() != 2) {
      return one.equals(other);
    }
    Expression left = difference(one.members());
    Expression right = difference(other.members());
    return agree(one.modulus(), other.modulus())
        && (agree(left, right) || agree(left, new Expression.Negation(right)));
  }

  private static Expression difference(List<Expression> pair) {
    return new Expression.Sum(List.of(pair.getFirst(), new Expression.Negation(pair.getLast())));
  }

  private boolean agree(Expression left, Expression right) {
    return identity.agreement(left, right).outcome() == Agreement.Outcome.SAME;
  }

  /** The classes that solve any of several congruences. */
  Optional<List<ResidueClass>> classes(List<Answer> answers) {
    List<ResidueClass> classes = new ArrayList<>();
    for (Answer answer : answers) {
      Optional<List<ResidueClass>> solved = classes((Congruence) answer);
      if (solved.isEmpty()) {
        return solved;
      }
      classes.addAll(solved.get());
    }
    return classes.isEmpty() ? Optional.empty() : Optional.of(classes);
  }

  private Optional<List<ResidueClass>> classes(Congruence congruence) {
    Optional<Rational> modulus =
        identity
            .rational(congruence.modulus())
            .filter(Rational::isInteger)
            .filter(m -> m.numerator().signum() > 0)
            .filter(m -> m.compareTo(Rational.of(MAX_MODULUS)) <= 0);
    if (modulus.isEmpty()) {
      return Optional.empty();
    }
    Expression step = new Expression.Number(modulus.get());
    if (congruence.members().size() == 1) {
      return identity
          .rational(congruence.members().getFirst())
          .filter(Rational::isInteger)
          .map(residue -> List.of(new ResidueClass(new Expression.Number(residue), step)));
    }
    Set<String> names = symbols(congruence);
    if (names.size() != 1) {
      return Optional.empty();
    }
    return solutions(congruence.members(), names.iterator().next(), modulus.get().numerator());
  }

  /** Tries every residue, of which there are few. */
  private Optional<List<ResidueClass>> solutions(
      List<Expression> members, String unknown, BigInteger modulus) {
    List<ResidueClass> classes = new ArrayList<>();
    Expression step = new Expression.Number(Rational.of(modulus));
    for (long residue = 0; residue < modulus.longValue(); residue++) {
      Expression value = new Expression.Number(Rational.of(residue));
      Optional<BigInteger> first = remainder(members.getFirst(), unknown, value, modulus);
      for (Expression member : members) {
        Optional<BigInteger> next = remainder(member, unknown, value, modulus);
        if (next.isEmpty()) {
          return Optional.empty();
        }
        first = first.filter(next.get()::equals);
      }
      if (first.isPresent()) {
        classes.add(new ResidueClass(value, step));
      }
    }
    return Optional.of(classes);
  }

  private Optional<BigInteger> remainder(
      Expression member, String unknown, Expression value, BigInteger modulus) {
    return identity
        .rational(Substitution.of(member, unknown, value))
        .filter(Rational::isInteger)
        .map(result -> result.numerator().mod(modulus));
  }
}
