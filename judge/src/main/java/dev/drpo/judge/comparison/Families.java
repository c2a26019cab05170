package dev.drpo.judge.comparison;

import static dev.drpo.judge.comparison.Decision.different;
import static dev.drpo.judge.comparison.Decision.equal;

import dev.drpo.judge.algebra.Substitution;
import dev.drpo.judge.answer.Answer;
import dev.drpo.judge.answer.Answer.Congruence;
import dev.drpo.judge.answer.Answer.Family;
import dev.drpo.judge.answer.Answer.Listing;
import dev.drpo.judge.answer.Answer.NumberSet;
import dev.drpo.judge.answer.Answer.Relation;
import dev.drpo.judge.answer.Answer.Scalar;
import dev.drpo.judge.answer.Unit;
import dev.drpo.judge.expression.Expression;
import dev.drpo.judge.identity.Agreement;
import dev.drpo.judge.identity.Identity;
import dev.drpo.judge.number.Rational;
import dev.drpo.judge.verdict.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Compares families of numbers: arithmetic progressions without end in both directions, such as
 * {@code \frac{\pi}{4} + n\pi}, and residue classes.
 */
final class Families {
  private static final NumberSet INTEGERS = new NumberSet("Z");

  /** Letters that stand for integers without saying so. */
  private static final Set<String> INDICES = Set.of("n", "k", "m", "l", "j", "t");

  private static final Expression ZERO = new Expression.Number(Rational.ZERO);
  private static final Expression ONE = new Expression.Number(Rational.ONE);

  private final Identity identity;
  private final Residues residues;
  private final Congruences congruences;

  Families(Identity identity) {
    this.identity = identity;
    this.residues = new Residues(identity);
    this.congruences = new Congruences(identity);
  }

  static boolean isFamily(Answer answer) {
    return answer instanceof Family || Congruences.isCongruence(answer);
  }

  /** Compares two answers of which one is a family; empty if the other is none. */
  Optional<Decision> compare(Answer gold, Answer answer) {
    if (Congruences.isCongruence(gold) && Congruences.isCongruence(answer)) {
      Optional<Decision> symbolic = congruences.compare(gold, answer);
      if (symbolic.isPresent()) {
        return symbolic;
      }
    }
    Optional<Decision> remainder =
        congruences.asRemainder(gold, answer).or(() -> congruences.asRemainder(answer, gold));
    if (remainder.isPresent()) {
      return remainder;
    }
    if (gold instanceof Family one && answer instanceof Family other) {
      if (!one.base().equals(other.base()) || !one.base().equals(INTEGERS)) {
        return Optional.of(ofOtherIntegers(one, other));
      }
    }
    Optional<List<ResidueClass>> left = classes(gold);
    Optional<List<ResidueClass>> right = classes(answer);
    if (left.isEmpty() || right.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        switch (residues.areSame(left.get(), right.get())) {
          case SAME -> equal(Rule.EQUAL_SETS);
          case DIFFERENT -> different(Rule.DIFFERENT_SETS);
          case UNKNOWN -> undecided();
        });
  }

  private static Decision undecided() {
    return new Decision(Decision.Outcome.UNDECIDED, Rule.UNDECIDED);
  }

  /** Families over one set of integers are the same if their values are, under one name. */
  private Decision ofOtherIntegers(Family gold, Family answer) {
    if (!gold.base().equals(answer.base())) {
      return different(Rule.DIFFERENT_SETS);
    }
    boolean single = gold.values().size() == 1 && answer.values().size() == 1;
    Optional<Expression> one = value(gold.values().getFirst());
    Optional<Expression> other = value(answer.values().getFirst());
    if (!single || one.isEmpty() || other.isEmpty()) {
      return undecided();
    }
    Expression renamed =
        Substitution.of(other.get(), answer.index(), new Expression.Symbol(gold.index()));
    return agree(one.get(), renamed) ? equal(Rule.EQUAL_SETS) : undecided();
  }

  private boolean agree(Expression left, Expression right) {
    return identity.agreement(left, right).outcome() == Agreement.Outcome.SAME;
  }

  private Optional<List<ResidueClass>> classes(Answer answer) {
    return switch (answer) {
      case Family(List<Answer> values, String index, Answer base) when base.equals(INTEGERS) ->
          classes(values, index);
      case Congruence _ -> congruences.classes(List.of(answer));
      case Listing(List<Answer> elements, boolean _)
          when elements.stream().allMatch(Congruences::isCongruence) ->
          congruences.classes(elements);
      case NumberSet set when set.equals(INTEGERS) ->
          Optional.of(List.of(new ResidueClass(ZERO, ONE)));
      case Listing(List<Answer> elements, boolean _) -> undeclared(elements);
      case Scalar _, Relation _ -> undeclared(List.of(answer));
      default -> Optional.empty();
    };
  }

  /** Values with a letter that usually stands for integers. */
  private Optional<List<ResidueClass>> undeclared(List<Answer> values) {
    Set<String> names = new java.util.TreeSet<>();
    for (Answer answer : values) {
      Optional<Expression> value = value(answer);
      if (value.isEmpty()) {
        return Optional.empty();
      }
      names.addAll(Substitution.symbols(value.get()));
    }
    return names.size() == 1 && INDICES.containsAll(names)
        ? classes(values, names.iterator().next())
        : Optional.empty();
  }

  private Optional<List<ResidueClass>> classes(List<Answer> values, String index) {
    List<ResidueClass> classes = new ArrayList<>();
    for (Answer answer : values) {
      Optional<ResidueClass> found = value(answer).flatMap(value -> linear(value, index));
      if (found.isEmpty()) {
        return Optional.empty();
      }
      classes.add(found.get());
    }
    return Optional.of(classes);
  }

  private static Optional<Expression> value(Answer answer) {
    return switch (answer) {
      case Scalar(Expression value, Unit unit)
          when unit.isNone() || unit.equals(Unit.DEGREE) || unit.equals(Unit.RADIAN) ->
          Optional.of(value);
      case Relation relation
          when relation.signs().equals(List.of(Relation.Sign.EQUAL))
              && relation.members().getFirst() instanceof Scalar(Expression.Symbol _, Unit _) ->
          value(relation.members().getLast());
      default -> Optional.empty();
    };
  }

  /** The class of {@code offset + index · step}, if the value is that. */
  private Optional<ResidueClass> linear(Expression value, String index) {
    Expression offset = Substitution.of(value, index, ZERO);
    Expression step =
        new Expression.Sum(
            List.of(Substitution.of(value, index, ONE), new Expression.Negation(offset)));
    Expression line =
        new Expression.Sum(
            List.of(offset, new Expression.Product(List.of(new Expression.Symbol(index), step))));
    boolean plain = Substitution.symbols(value).equals(Set.of(index));
    return plain && agree(value, line) && !agree(step, ZERO)
        ? Optional.of(new ResidueClass(offset, step))
        : Optional.empty();
  }
}
