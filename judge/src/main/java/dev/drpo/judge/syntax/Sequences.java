package dev.drpo.judge.syntax;

import dev.drpo.judge.answer.Answer;
import dev.drpo.judge.answer.Answer.Progression;
import dev.drpo.judge.answer.Answer.Scalar;
import dev.drpo.judge.answer.Unit;
import dev.drpo.judge.expression.Expression;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Elements with dots among them, as the progression that they are. */
final class Sequences {
  /** What the dots are read as, until the elements around them are known. */
  static final Answer DOTS = Scalar.of(new Expression.Symbol("\\ldots"));

  private Sequences() {}

  static Optional<Answer> of(List<Answer> elements) {
    if (!elements.contains(DOTS)) {
      return Optional.empty();
    }
    boolean backwards = elements.getFirst().equals(DOTS);
    List<Answer> rest = backwards ? elements.subList(1, elements.size()) : elements;
    int dots = rest.indexOf(DOTS);
    int behind = rest.size() - 1 - dots;
    if (dots < 1 || behind > 1) {
      throw new Unreadable("dots between other elements");
    }
    List<Expression> terms = new ArrayList<>();
    for (Answer element : rest.subList(0, dots)) {
      terms.add(value(element));
    }
    return Optional.of(
        new Progression(
            backwards, terms, behind == 1 ? Optional.of(value(rest.getLast())) : Optional.empty()));
  }

  private static Expression value(Answer element) {
    if (element instanceof Scalar(Expression value, Unit unit)
        && unit.isNone()
        && !element.equals(DOTS)) {
      return value;
    }
    throw new Unreadable("dots behind what isn't a number");
  }
}
