package dev.drpo.judge.comparison;

import dev.drpo.judge.answer.Answer;
import dev.drpo.judge.answer.Answer.Bracket;
import dev.drpo.judge.answer.Answer.Bracketed;
import dev.drpo.judge.answer.Answer.Listing;
import dev.drpo.judge.answer.Answer.Relation;
import dev.drpo.judge.answer.Answer.Relation.Sign;
import dev.drpo.judge.answer.Answer.Scalar;
import dev.drpo.judge.expression.Expression;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** A tuple of names with a tuple of values: {@code (x, y) = (2, -1)} is {@code x = 2, y = -1}. */
final class Assignments {
  private Assignments() {}

  /**
   * One equation for each name; empty unless it gives every name a value of its own, and the other
   * side gives values one by one or in another order.
   *
   * @param other what it is to be compared with
   */
  static Optional<Listing> each(Answer answer, Answer other) {
    Optional<Listing> equations = equations(answer);
    return equations.filter(
        each ->
            isEach(other)
                || equations(other).filter(o -> !names(o).equals(names(each))).isPresent());
  }

  /** The other side of {@link #each} as a list of equations. */
  static Listing each(Answer answer) {
    return answer instanceof Listing listing ? listing : equations(answer).orElseThrow();
  }

  private static Optional<Listing> equations(Answer answer) {
    if (!(answer instanceof Relation relation)
        || !relation.signs().equals(List.of(Sign.EQUAL))
        || !(relation.members().getFirst() instanceof Bracketed names)
        || !(relation.members().getLast() instanceof Bracketed values)) {
      return Optional.empty();
    }
    boolean tuples =
        isRound(names)
            && isRound(values)
            && names.elements().size() == values.elements().size()
            && names.elements().stream().allMatch(Assignments::isSymbol)
            && names.elements().stream().distinct().count() == names.elements().size();
    return tuples
        ? Optional.of(
            new Listing(
                IntStream.range(0, names.elements().size())
                    .<Answer>mapToObj(
                        i ->
                            new Relation(
                                List.of(names.elements().get(i), values.elements().get(i)),
                                List.of(Sign.EQUAL)))
                    .toList()))
        : Optional.empty();
  }

  private static List<Answer> names(Listing equations) {
    return equations.elements().stream()
        .map(equation -> ((Relation) equation).members().getFirst())
        .toList();
  }

  /** Equations that all hold; those joined by "or" don't. */
  private static boolean isEach(Answer answer) {
    return answer instanceof Listing listing
        && !listing.alternatives()
        && !listing.elements().isEmpty()
        && listing.elements().stream()
            .allMatch(
                element ->
                    element instanceof Relation relation
                        && relation.signs().equals(List.of(Sign.EQUAL))
                        && relation.members().stream().allMatch(Scalar.class::isInstance));
  }

  private static boolean isRound(Bracketed tuple) {
    return tuple.open() == Bracket.ROUND && tuple.close() == Bracket.ROUND;
  }

  private static boolean isSymbol(Answer name) {
    return name instanceof Scalar(Expression value, var unit)
        && unit.isNone()
        && value instanceof Expression.Symbol;
  }
}
