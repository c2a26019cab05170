package dev.drpo.judge.comparison;

import dev.drpo.judge.algebra.Substitution;
import dev.drpo.judge.answer.Answer;
import dev.drpo.judge.answer.Answer.Bracketed;
import dev.drpo.judge.answer.Answer.Combination;
import dev.drpo.judge.answer.Answer.Listing;
import dev.drpo.judge.answer.Answer.Relation;
import dev.drpo.judge.answer.Answer.Scalar;
import dev.drpo.judge.expression.Expression;
import java.util.List;

/** Gives bound variables other names. */
final class Renaming {
  private Renaming() {}

  /** The answer with one symbol called by another name. */
  static Answer of(Answer answer, String from, String to) {
    if (from.equals(to)) {
      return answer;
    }
    return switch (answer) {
      case Scalar(Expression value, var unit) ->
          new Scalar(Substitution.of(value, from, new Expression.Symbol(to)), unit);
      case Bracketed(var open, List<Answer> elements, var close) ->
          new Bracketed(open, all(elements, from, to), close);
      case Listing(List<Answer> elements, boolean alternatives) ->
          new Listing(all(elements, from, to), alternatives);
      case Relation(List<Answer> members, var signs) -> new Relation(all(members, from, to), signs);
      case Combination(var operation, Answer left, Answer right) ->
          new Combination(operation, of(left, from, to), of(right, from, to));
      case Answer.Piecewise(List<Answer> values, List<Answer> conditions) ->
          new Answer.Piecewise(all(values, from, to), all(conditions, from, to));
      default -> answer;
    };
  }

  private static List<Answer> all(List<Answer> answers, String from, String to) {
    return answers.stream().map(answer -> of(answer, from, to)).toList();
  }
}
