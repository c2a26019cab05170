package dev.drpo.judge.comparison;

import static dev.drpo.judge.comparison.Decision.different;
import static dev.drpo.judge.comparison.Decision.equal;

import dev.drpo.judge.answer.Answer;
import dev.drpo.judge.answer.Answer.Relation;
import dev.drpo.judge.answer.Answer.Relation.Sign;
import dev.drpo.judge.answer.Answer.Scalar;
import dev.drpo.judge.expression.Expression;
import dev.drpo.judge.identity.Identity;
import dev.drpo.judge.identity.Proportion;
import dev.drpo.judge.verdict.Rule;
import java.util.List;
import java.util.Optional;

/** Compares equations and inequalities, and finds the values that they name. */
final class Relations {
  private final Comparison comparison;
  private final Identity identity;
  private final Trace trace;

  Relations(Comparison comparison, Identity identity, Trace trace) {
    this.comparison = comparison;
    this.identity = identity;
    this.trace = trace;
  }

  /**
   * What a relation says that its one symbol is: 5 of {@code x=5}, of {@code 5=x} and of {@code
   * x=\frac{10}{2}=5}, and S of {@code x \in S}. A chain of equal constants names none, but says
   * the same: {@code 0.5 = \frac12}.
   */
  Optional<Answer> namedValue(Answer answer) {
    if (!(answer instanceof Relation relation)) {
      return Optional.empty();
    }
    List<Answer> members = relation.members();
    if (relation.signs().equals(List.of(Sign.ELEMENT_OF))) {
      return isName(members.getFirst()) ? Optional.of(members.getLast()) : Optional.empty();
    }
    if (!relation.signs().stream().allMatch(Relations::givesValue)) {
      return Optional.empty();
    }
    if (isName(members.getFirst())) {
      return value(relation, 1).filter(value -> !mentions(value, members.getFirst()));
    }
    if (isName(members.getLast()) && members.size() == 2) {
      return Optional.of(members.getFirst()).filter(value -> !mentions(value, members.getLast()));
    }
    return members.stream().allMatch(Relations::isConstant) ? value(relation, 0) : Optional.empty();
  }

  private static boolean givesValue(Sign sign) {
    return sign == Sign.EQUAL || sign == Sign.APPROXIMATELY;
  }

  private static boolean isConstant(Answer member) {
    return member instanceof Scalar(Expression value, var unit) && !Expressions.haveSymbols(value);
  }

  /** Whether a value is about the very symbol that it is given to, as in {@code x = 2x}. */
  private static boolean mentions(Answer value, Answer name) {
    return value instanceof Scalar(Expression expression, var unit)
        && name instanceof Scalar(Expression symbol, var other)
        && Expressions.contain(expression, symbol);
  }

  /** The first value of a chain, if all that follow say the same, exactly or in decimals. */
  private Optional<Answer> value(Relation relation, int first) {
    List<Answer> members = relation.members();
    for (int i = first + 1; i < members.size(); i++) {
      boolean same = comparison.compare(members.get(i - 1), members.get(i)).isEqual();
      boolean illustrated =
          relation.signs().get(i - 1) == Sign.APPROXIMATELY
              && comparison.isApproximation(members.get(i - 1), members.get(i));
      if (!same && !illustrated) {
        return Optional.empty();
      }
    }
    return Optional.of(members.get(first));
  }

  /** Whether an answer is a symbol, a tuple of symbols, or a name such as AB for a segment. */
  private static boolean isName(Answer answer) {
    return switch (answer) {
      case Scalar(Expression value, var unit) ->
          unit.isNone() && (value instanceof Expression.Symbol || isLabel(value));
      case Answer.Bracketed tuple -> tuple.elements().stream().allMatch(Relations::isName);
      default -> false;
    };
  }

  private static boolean isLabel(Expression value) {
    return value instanceof Expression.Product(List<Expression> factors)
        && factors.stream()
            .allMatch(
                factor ->
                    factor instanceof Expression.Symbol(String name)
                        && Character.isUpperCase(name.charAt(0)));
  }

  /** The name that a relation gives a value to. */
  private static Answer name(Relation relation) {
    Answer first = relation.members().getFirst();
    return isName(first) ? first : relation.members().getLast();
  }

  /** Chains of different lengths say the same if they give the same name the same value. */
  private Optional<Decision> chains(Relation gold, Relation answer) {
    Optional<Answer> left = namedValue(gold);
    Optional<Answer> right = namedValue(answer);
    boolean alike =
        left.isPresent()
            && right.isPresent()
            && comparison.compare(name(gold), name(answer)).isEqual();
    return alike
        ? Optional.of(
            comparison
                .compare(left.get(), right.get())
                .ofPart(Rule.EQUAL_EQUATIONS, Rule.DIFFERENT_EQUATIONS))
        : Optional.empty();
  }

  Decision compare(Relation gold, Relation answer) {
    Relation left = upwards(gold);
    Relation right = upwards(Definitions.renamed(answer, gold));
    if (left.signs().size() != right.signs().size()) {
      Optional<Decision> chains = chains(left, right);
      if (chains.isPresent()) {
        return chains.get();
      }
    }
    boolean equations = isEquation(left) && isEquation(right);
    Rule same = equations ? Rule.EQUAL_EQUATIONS : Rule.EQUAL_INEQUALITIES;
    Rule other = equations ? Rule.DIFFERENT_EQUATIONS : Rule.DIFFERENT_INEQUALITIES;
    if (!left.signs().equals(right.signs())) {
      return different(other);
    }
    boolean simple = left.signs().size() == 1;
    Optional<Expression> one = simple ? difference(left) : Optional.empty();
    Optional<Expression> two = simple ? difference(right) : Optional.empty();
    if (one.isEmpty() || two.isEmpty()) {
      return comparison.inOrder(left.members(), right.members(), same, other);
    }
    boolean directed =
        left.signs().getFirst() == Sign.LESS || left.signs().getFirst() == Sign.LESS_OR_EQUAL;
    Proportion proportion = identity.proportion(one.get(), two.get());
    trace.note("factor", () -> told(proportion));
    return switch (proportion) {
      case POSITIVE -> equal(same);
      case NEGATIVE -> directed ? different(other) : equal(same);
      case NONE ->
          equations && areSameCleared(one.get(), two.get()) ? equal(same) : different(other);
      case UNDEFINED, UNDECIDED -> new Decision(Decision.Outcome.UNDECIDED, Rule.UNDECIDED);
    };
  }

  /** Whether the equations are the same once they are multiplied by their denominators. */
  private boolean areSameCleared(Expression left, Expression right) {
    boolean divided = isDivided(left) || isDivided(right);
    if (!divided) {
      return false;
    }
    Clearing clearing = new Clearing(identity);
    Optional<Expression> one = clearing.cleared(left);
    Optional<Expression> other = clearing.cleared(right);
    if (one.isEmpty() || other.isEmpty()) {
      return false;
    }
    Proportion proportion = identity.proportion(one.get(), other.get());
    trace.note("denominators", () -> "multiplied out, " + told(proportion));
    return proportion == Proportion.POSITIVE || proportion == Proportion.NEGATIVE;
  }

  private static boolean isDivided(Expression side) {
    return Expressions.anyPart(
        side,
        part ->
            part instanceof Expression.Quotient(Expression _, Expression bottom)
                && Expressions.haveSymbols(bottom));
  }

  private static String told(Proportion proportion) {
    return switch (proportion) {
      case POSITIVE -> "left less right is the same up to a positive factor";
      case NEGATIVE -> "left less right is the same up to a negative factor";
      case NONE -> "left less right differs by more than a factor";
      case UNDEFINED -> "a side has no value";
      case UNDECIDED -> "no factor was found, nor ruled out";
    };
  }

  private static boolean isEquation(Relation relation) {
    return relation.signs().stream().allMatch(sign -> sign == Sign.EQUAL);
  }

  /** The same relation, written so that the greater member stands to the right. */
  private static Relation upwards(Relation relation) {
    boolean downwards =
        relation.signs().stream()
            .allMatch(sign -> sign == Sign.GREATER || sign == Sign.GREATER_OR_EQUAL);
    if (!downwards) {
      return relation;
    }
    return new Relation(
        relation.members().reversed(),
        relation.signs().reversed().stream()
            .map(sign -> sign == Sign.GREATER ? Sign.LESS : Sign.LESS_OR_EQUAL)
            .toList());
  }

  /** Left less right; empty unless both are plain scalars. */
  private static Optional<Expression> difference(Relation relation) {
    return relation.members().getFirst() instanceof Scalar(Expression left, var unit)
            && relation.members().getLast() instanceof Scalar(Expression right, var other)
            && unit.isNone()
            && other.isNone()
        ? Optional.of(new Expression.Sum(List.of(left, new Expression.Negation(right))))
        : Optional.empty();
  }
}
