package dev.drpo.judge.identity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drpo.judge.expression.Expression;
import dev.drpo.judge.expression.Expression.Constant;
import dev.drpo.judge.expression.Expression.Sum;
import dev.drpo.judge.identity.Agreement.Outcome;
import dev.drpo.judge.limit.Budget;
import dev.drpo.judge.limit.LimitExceeded;
import dev.drpo.judge.limit.Limits;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Whatever is asked, an answer or a limit comes back, and it makes sense. */
class AnyExpressionTest {
  private static final long STEPS = 400_000;

  @Property(tries = 600)
  void addingZeroChangesNothing(@ForAll long seed, @ForAll @IntRange(max = 4) int depth) {
    Expression expression = new AnyExpression(seed).draw(depth);
    Expression sum = new Sum(List.of(expression, Formula.number(0)));
    Budget budget = new Budget(STEPS);
    // Infinity is a value of its own, but not within a sum.
    if (!Traits.of(budget, expression).has(Constant.INFINITY)) {
      assertThat(ask(identity -> identity.agreement(sum, expression).outcome()))
          .isNotEqualTo(Optional.of(Outcome.DIFFERENT))
          .isNotEqualTo(Optional.of(Outcome.LEFT_UNDEFINED))
          .isNotEqualTo(Optional.of(Outcome.RIGHT_UNDEFINED));
    }
  }

  @Property(tries = 600)
  void addingOneMakesADifference(@ForAll long seed, @ForAll @IntRange(max = 4) int depth) {
    Expression expression = new AnyExpression(seed).draw(depth);
    Expression sum = new Sum(List.of(expression, Formula.number(1)));
    assertThat(ask(identity -> identity.agreement(sum, expression).outcome()))
        .isNotEqualTo(Optional.of(Outcome.SAME));
  }

  @Property(tries = 600)
  void answersAreSymmetric(
      @ForAll long seed,
      @ForAll @IntRange(max = 3) int depth,
      @ForAll @IntRange(max = 3) int otherDepth) {
    AnyExpression any = new AnyExpression(seed);
    Expression left = any.draw(depth);
    Expression right = any.draw(otherDepth);
    Optional<Outcome> there = ask(identity -> identity.agreement(left, right).outcome());
    Optional<Outcome> back = ask(identity -> identity.agreement(right, left).outcome());
    assertThat(back).isEqualTo(there.map(MethodsAgreeTest::mirrored));
    Optional<Order> order = ask(identity -> identity.order(left, right));
    assertThat(ask(identity -> identity.order(right, left)))
        .isEqualTo(order.map(OrderTest::reversed));
  }

  /** Empty for a limit; everything else that is thrown fails the test. */
  private static <T> Optional<T> ask(Function<Identity, T> question) {
    Budget budget = new Budget(STEPS);
    try {
      return Optional.of(question.apply(new Identity(Limits.DEFAULT, budget, Questions.SEED)));
    } catch (LimitExceeded limit) {
      return Optional.empty();
    } finally {
      assertThat(budget.used()).isLessThanOrEqualTo(STEPS);
    }
  }
}
