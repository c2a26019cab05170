package dev.drpo.judge.syntax;

import dev.drpo.judge.answer.Answer;
import dev.drpo.judge.answer.Answer.Family;
import dev.drpo.judge.answer.Answer.NumberSet;
import dev.drpo.judge.answer.Answer.Relation;
import dev.drpo.judge.answer.Answer.Scalar;
import dev.drpo.judge.answer.Answer.SetBuilder;
import dev.drpo.judge.answer.Unit;
import dev.drpo.judge.expression.Expression;
import java.util.List;
import java.util.Optional;

/** Finds the families among lists: values, and behind them what their index runs over. */
final class Families {
  private Families() {}

  /** The family that elements make whose last is {@code n \in \mathbb{Z}}. */
  static Optional<Answer> of(List<Answer> elements) {
    List<Answer> values = elements.subList(0, elements.size() - 1);
    boolean indexed =
        elements.getLast() instanceof Relation(List<Answer> members, List<Relation.Sign> signs)
            && signs.equals(List.of(Relation.Sign.ELEMENT_OF))
            && members.getFirst() instanceof Scalar(Expression.Symbol(String _), Unit _)
            && isOfIntegers(members.getLast());
    if (!indexed || !values.stream().allMatch(Families::isValue)) {
      return Optional.empty();
    }
    Relation membership = (Relation) elements.getLast();
    String index = ((Expression.Symbol) ((Scalar) membership.members().getFirst()).value()).name();
    return Optional.of(new Family(values, index, membership.members().getLast()));
  }

  private static boolean isOfIntegers(Answer base) {
    return switch (base) {
      case NumberSet(String name) -> name.equals("Z") || name.equals("N");
      case SetBuilder set -> isOfIntegers(set.base());
      default -> false;
    };
  }

  /** A value, or an equation that gives it a name. */
  private static boolean isValue(Answer element) {
    return switch (element) {
      case Scalar _ -> true;
      case Relation relation ->
          relation.signs().equals(List.of(Relation.Sign.EQUAL))
              || relation.signs().equals(List.of(Relation.Sign.CONGRUENT));
      default -> false;
    };
  }
}
