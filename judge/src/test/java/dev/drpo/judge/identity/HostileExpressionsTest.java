package dev.drpo.judge.identity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drpo.judge.expression.Expression;
import dev.drpo.judge.identity.Agreement.Outcome;
import dev.drpo.judge.limit.Budget;
import dev.drpo.judge.limit.Limit;
import dev.drpo.judge.limit.LimitExceeded;
import dev.drpo.judge.limit.Limits;
import java.util.Collections;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostileExpressionsTest {
  private static final Limits LIMITS = Limits.DEFAULT;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "9^9^9^9",
        "9^9^9^9^9^9^9^9",
        "99999999!",
        "((20)!)!",
        "(((9)!)!)!",
        "binomial(1000000000,500000000)",
        "binomial(10^30,10^29)",
        "e^(e^(e^(e^(e^10))))",
        "sin(2^4000)",
        "sin(2^100000)",
        "sin(20000!)",
        "sin(e^2000)^2+cos(e^2000)^2",
        "e^(-e^9)+sqrt(2)",
        "e^(-e^10)+1",
        "e^(-e^20)+sqrt(2)",
        "tanh(10^4)",
        "tanh(10^5)",
        "(1+sqrt(2))^(10^18)",
        "(1+sqrt(2))^(2^2000)",
        "(x+1)^9999",
        "((((sqrt(x)+1)^99999)^99999)^99999)^99999",
        "x^x^x^x^x^x^x^x",
        "(x!)!",
        "x!^x!^x!",
        "root(99999999,2)",
        "root(10^30,2)^(10^30)",
        "ln(10^1900)/ln(10)",
        "root(11,2^1000+1)^5",
        "tan(pi/2+10^(-1500))",
        "floor(10^1000*sqrt(2))",
        "log(1+10^(-1900),2)",
        "20000!/19999!+sqrt(x)",
        "i^i^i^i^i^i^i^i",
        "sin(sin(sin(sin(sin(sin(sin(sin(x+i))))))))",
        "arctan(arctan(arctan(arctan(10^1000*i))))",
        "1/(1-sin(10^100)^2-cos(10^100)^2)"
      })
  void everyHostileExpressionEndsWithinTheSteps(String formula) {
    Expression hostile = Formula.of(formula);
    for (String other : new String[] {"1", "x", "sqrt(2)", formula + "+1", "1*(" + formula + ")"}) {
      Budget budget = new Budget(LIMITS.steps());
      ask(budget, hostile, Formula.of(other));
      assertThat(budget.used()).isLessThanOrEqualTo(LIMITS.steps());
    }
  }

  /** Any verdict will do, and so will a limit; nothing else may be thrown. */
  private static void ask(Budget budget, Expression left, Expression right) {
    Identity identity = new Identity(LIMITS, budget, Questions.SEED);
    attempt(() -> identity.agreement(left, right));
    attempt(() -> identity.proportion(left, right));
    attempt(() -> identity.order(left, right));
    attempt(() -> identity.rational(left));
  }

  private static Optional<Limit> attempt(Runnable question) {
    try {
      question.run();
      return Optional.empty();
    } catch (LimitExceeded exceeded) {
      return Optional.of(exceeded.limit());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "9^9^9^9, 9^9^9",
    "99999999!, 1",
    "((20)!)!, 1",
    "'binomial(1000000000,500000000)', 2",
    "e^(e^(e^(e^10))), 1"
  })
  void towersAndHugeFactorialsAreRefusedAtOnce(String left, String right) {
    Budget budget = new Budget(2_000);
    Identity identity = new Identity(LIMITS, budget, Questions.SEED);
    assertThat(attempt(() -> identity.agreement(Formula.of(left), Formula.of(right))))
        .contains(Limit.NUMBER_SIZE);
  }

  @Test
  void flatSumsOfThousandsOfTermsAreDecided() {
    Expression terms = new Expression.Sum(Collections.nCopies(2000, Formula.of("x")));
    Expression roots = new Expression.Sum(Collections.nCopies(2000, Formula.of("sqrt(2)")));
    assertThat(Questions.agreement(terms, Formula.of("2000*x")).outcome()).isEqualTo(Outcome.SAME);
    assertThat(Questions.agreement(roots, Formula.of("2000*sqrt(2)")).outcome())
        .isEqualTo(Outcome.SAME);
  }

  @Test
  void aSmallBudgetEndsInALimitAndNothingElse() {
    for (long steps = 1; steps < 3_000; steps += 7) {
      Budget budget = new Budget(steps);
      ask(budget, Formula.of("sin(x)^2+cos(x)^2"), Formula.of("1"));
      assertThat(budget.used()).isLessThanOrEqualTo(steps);
    }
  }
}
