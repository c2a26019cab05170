package dev.drpo.benchmarks.jmh;

import dev.drpo.judge.answer.Answer;
import dev.drpo.judge.expression.Expression;
import dev.drpo.judge.limit.Budget;
import dev.drpo.judge.limit.Limits;
import dev.drpo.judge.syntax.Reader;

/** Two spellings of one value, by the work that it takes to find them equal. */
public enum AnswerPair {
  INTEGER("1729", "1729.0"),
  FRACTION("\\frac{35}{6}", "\\dfrac{70}{12}"),
  CLOSED_FORM("3+2\\sqrt{5}", "\\sqrt{20} + 3"),
  TRIGONOMETRIC("\\sin\\frac{\\pi}{12}", "\\frac{\\sqrt{6}-\\sqrt{2}}{4}"),
  POLYNOMIAL("x^3-6x^2+11x-6", "(x-1)(x-2)(x-3)"),
  RATIONAL_FUNCTION("\\frac{x^2-1}{x-1}+\\frac{1}{y}", "\\frac{xy+y+1}{y}"),
  FUNCTION_OF_ROOTS("\\frac{1}{\\sqrt{x}+1}", "\\frac{\\sqrt{x}-1}{x-1}");

  private final String gold;
  private final String answer;

  AnswerPair(String gold, String answer) {
    this.gold = gold;
    this.answer = answer;
  }

  String gold() {
    return gold;
  }

  String answer() {
    return answer;
  }

  Expression goldExpression() {
    return expression(gold);
  }

  Expression answerExpression() {
    return expression(answer);
  }

  private static Expression expression(String text) {
    Limits limits = Limits.DEFAULT;
    Answer answer = new Reader(limits, new Budget(limits.steps())).read(text);
    if (answer instanceof Answer.Scalar scalar) {
      return scalar.value();
    }
    throw new IllegalStateException(text + " reads as " + answer + ", which is no scalar");
  }
}
