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
import java.util.Random;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import net.jqwik.api.Example;
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
      assertThat(ask(identity -> identity.agreement(sum, expression).outcome()).answer())
          .isNotEqualTo(Optional.of(Outcome.DIFFERENT))
          .isNotEqualTo(Optional.of(Outcome.LEFT_UNDEFINED))
          .isNotEqualTo(Optional.of(Outcome.RIGHT_UNDEFINED));
    }
  }

  @Property(tries = 600)
  void addingOneMakesADifference(@ForAll long seed, @ForAll @IntRange(max = 4) int depth) {
    Expression expression = new AnyExpression(seed).draw(depth);
    Expression sum = new Sum(List.of(expression, Formula.number(1)));
    assertThat(ask(identity -> identity.agreement(sum, expression).outcome()).answer())
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
    requireMirrored(
        ask(identity -> identity.agreement(left, right).outcome()),
        ask(identity -> identity.agreement(right, left).outcome()),
        MethodsAgreeTest::mirrored);
    requireMirrored(
        ask(identity -> identity.order(left, right)),
        ask(identity -> identity.order(right, left)),
        OrderTest::reversed);
  }

  /**
   * The sides are worked on in their order, and what one comes to can end the work before the other
   * is looked at. Here 387,295 steps from one side, and 54,961 in the second example, stand against
   * the limit of 400,000 from the other.
   */
  @Example
  void aLimitMayBeMetFromOneSideAlone() {
    answersAreSymmetric(-15520657426861L, 1, 2);
    answersAreSymmetric(-137799L, 3, 3);
  }

  /** Of 30,000 such questions, two were answered from one side alone. */
  @Example
  void aLimitIsSeldomMetFromOneSideAlone() {
    Random random = new Random(1);
    int fromOneSide = 0;
    for (int i = 0; i < 200; i++) {
      AnyExpression any = new AnyExpression(random.nextLong());
      Expression left = any.draw(random.nextInt(4));
      Expression right = any.draw(random.nextInt(4));
      boolean there =
          ask(identity -> identity.agreement(left, right).outcome()).answer().isPresent();
      boolean back =
          ask(identity -> identity.agreement(right, left).outcome()).answer().isPresent();
      fromOneSide += there == back ? 0 : 1;
    }
    assertThat(fromOneSide).isLessThanOrEqualTo(1);
  }

  /** From either side comes the same answer, or a limit. */
  private static <T> void requireMirrored(Asked<T> there, Asked<T> back, UnaryOperator<T> mirror) {
    if (there.answer().isPresent() && back.answer().isPresent()) {
      assertThat(back.answer()).isEqualTo(there.answer().map(mirror));
    }
  }

  /**
   * What came of a question.
   *
   * @param answer empty for a limit; everything else that is thrown fails the test
   */
  private record Asked<T>(Optional<T> answer) {}

  private static <T> Asked<T> ask(Function<Identity, T> question) {
    Budget budget = new Budget(STEPS);
    Optional<T> answer;
    try {
      answer = Optional.of(question.apply(new Identity(Limits.DEFAULT, budget, Questions.SEED)));
    } catch (LimitExceeded limit) {
      answer = Optional.empty();
    }
    assertThat(budget.used()).isLessThanOrEqualTo(STEPS);
    return new Asked<>(answer);
  }
}
