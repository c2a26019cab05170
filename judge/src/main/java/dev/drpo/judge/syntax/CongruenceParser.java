package dev.drpo.judge.syntax;

import dev.drpo.judge.answer.Answer;
import dev.drpo.judge.answer.Answer.Congruence;
import dev.drpo.judge.answer.Answer.Relation;
import dev.drpo.judge.answer.Answer.Scalar;
import dev.drpo.judge.answer.Unit;
import dev.drpo.judge.expression.Expression;
import dev.drpo.judge.syntax.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads moduli, and tells what they are the moduli of. */
final class CongruenceParser {
  private final Cursor cursor;
  private final ScalarParser scalars;

  CongruenceParser(Cursor cursor, ScalarParser scalars) {
    this.cursor = cursor;
    this.scalars = scalars;
  }

  /** The element with the modulus that stands behind it, if one does. */
  Answer withModulus(Answer element) {
    boolean enclosed = cursor.at(Kind.OPEN_PARENTHESIS) && cursor.at(1, Kind.MODULO);
    if (!enclosed && !cursor.at(Kind.MODULO)) {
      return element;
    }
    if (enclosed) {
      cursor.take();
    }
    cursor.take();
    Expression modulus = cursor.at(Kind.OPEN_BRACE) ? scalars.group() : scalars.expression();
    if (enclosed) {
      cursor.expect(Kind.CLOSE_PARENTHESIS);
    }
    return switch (element) {
      case Scalar _ -> new Congruence(List.of(value(element)), modulus);
      case Relation relation when isCongruence(relation) -> of(relation, modulus);
      default -> throw cursor.unreadable();
    };
  }

  private static boolean isCongruence(Answer answer) {
    return answer instanceof Relation relation
        && relation.signs().stream().allMatch(sign -> sign == Relation.Sign.CONGRUENT);
  }

  private Congruence of(Relation relation, Expression modulus) {
    return new Congruence(relation.members().stream().map(this::value).toList(), modulus);
  }

  private Expression value(Answer member) {
    if (member instanceof Scalar(Expression value, Unit unit) && unit.isNone()) {
      return value;
    }
    throw cursor.unreadable();
  }

  /** Elements before the last share its modulus, as in {@code x \equiv 1, 3 \pmod 4}. */
  List<Answer> shared(List<Answer> elements) {
    boolean begins = isCongruence(elements.getFirst());
    if (!begins || !(elements.getLast() instanceof Congruence last)) {
      return elements;
    }
    List<Answer> all = new ArrayList<>();
    Optional<Expression> unknown = Optional.empty();
    for (Answer element : elements) {
      Congruence congruence =
          switch (element) {
            case Congruence whole -> whole;
            case Relation relation when isCongruence(relation) -> of(relation, last.modulus());
            default -> new Congruence(List.of(value(element)), last.modulus());
          };
      if (congruence.members().size() > 1) {
        unknown = Optional.of(congruence.members().getFirst());
      } else {
        congruence =
            new Congruence(
                List.of(unknown.orElseThrow(), congruence.members().getFirst()),
                congruence.modulus());
      }
      all.add(congruence);
    }
    return all;
  }
}
