package dev.drpo.judge.identity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drpo.judge.expression.Expression;
import dev.drpo.judge.expression.Expression.Negation;
import dev.drpo.judge.expression.Expression.Number;
import dev.drpo.judge.expression.Expression.Power;
import dev.drpo.judge.expression.Expression.Product;
import dev.drpo.judge.expression.Expression.Quotient;
import dev.drpo.judge.expression.Expression.Sum;
import dev.drpo.judge.expression.Expression.Symbol;
import dev.drpo.judge.identity.Agreement.Method;
import dev.drpo.judge.identity.Agreement.Outcome;
import dev.drpo.judge.limit.Budget;
import dev.drpo.judge.number.PrimeField;
import dev.drpo.judge.number.Primes;
import dev.drpo.judge.number.Rational;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Residues and enclosures are independent ways to the same truth. */
class MethodsAgreeTest {
  private static final Symbol X = new Symbol("x");

  @Provide
  Arbitrary<Expression> rationalFunctions() {
    Arbitrary<Expression> leaves =
        Arbitraries.oneOf(
            Arbitraries.integers().between(1, 9).map(Formula::number),
            Arbitraries.of("x", "y").map(Symbol::new));
    return Arbitraries.recursive(() -> leaves, MethodsAgreeTest::grow, 1, 4);
  }

  private static Arbitrary<Expression> grow(Arbitrary<Expression> parts) {
    Arbitrary<List<Expression>> pairs = parts.list().ofMinSize(2).ofMaxSize(3);
    return Arbitraries.oneOf(
        pairs.map(Sum::new),
        pairs.map(Product::new),
        parts.map(Negation::new),
        Combinators.combine(parts, parts).as(Quotient::new),
        Combinators.combine(parts, Arbitraries.integers().between(-2, 3))
            .as((base, exponent) -> new Power(base, Formula.number(exponent))));
  }

  @Property(tries = 150)
  void residuesAndBallsComeToTheSameOutcome(
      @ForAll("rationalFunctions") Expression left, @ForAll("rationalFunctions") Expression right) {
    Agreement agreement = Questions.agreement(left, right);
    if (agreement.method() == Method.MODULAR) {
      assertThat(byBalls(left, right)).isEqualTo(agreement.outcome());
    }
  }

  @Property(tries = 100)
  void bothSeeThroughARewriting(@ForAll("rationalFunctions") Expression function) {
    Expression rewritten = new Sum(List.of(X, function, new Negation(X)));
    Outcome outcome = Questions.agreement(function, rewritten).outcome();
    assertThat(outcome).isIn(Outcome.SAME, Outcome.BOTH_UNDEFINED);
    assertThat(byBalls(function, rewritten)).isEqualTo(outcome);
  }

  @Property(tries = 100)
  void bothNoticeASmallPerturbation(@ForAll("rationalFunctions") Expression function) {
    Expression perturbed = new Sum(List.of(function, Formula.of("10^(-40)")));
    Outcome outcome = Questions.agreement(function, perturbed).outcome();
    assertThat(outcome).isIn(Outcome.DIFFERENT, Outcome.BOTH_UNDEFINED);
    assertThat(byBalls(function, perturbed)).isEqualTo(outcome);
  }

  @Property(tries = 100)
  void factorsAndTheirExpansionAreTheSame(
      @ForAll @Size(min = 1, max = 8) List<@IntRange(min = -50, max = 50) Integer> roots) {
    BigInteger[] coefficients = {BigInteger.ONE};
    List<Expression> factors = new ArrayList<>();
    factors.add(Formula.number(1));
    for (int root : roots) {
      factors.add(new Sum(List.of(X, Formula.number(-root))));
      coefficients = timesLinear(coefficients, root);
    }
    Expression factored = new Product(factors);
    assertThat(Questions.agreement(factored, polynomial(coefficients)).outcome())
        .isEqualTo(Outcome.SAME);
    assertThat(byBalls(factored, polynomial(coefficients))).isEqualTo(Outcome.SAME);
    coefficients[0] = coefficients[0].add(BigInteger.ONE);
    assertThat(Questions.agreement(factored, polynomial(coefficients)))
        .isEqualTo(new Agreement(Outcome.DIFFERENT, Method.MODULAR));
  }

  /** Coefficients from the constant one up, times {@code (x - root)}. */
  private static BigInteger[] timesLinear(BigInteger[] coefficients, int root) {
    BigInteger[] product = new BigInteger[coefficients.length + 1];
    for (int i = 0; i < product.length; i++) {
      BigInteger shifted = i == 0 ? BigInteger.ZERO : coefficients[i - 1];
      BigInteger scaled =
          i == coefficients.length
              ? BigInteger.ZERO
              : coefficients[i].multiply(BigInteger.valueOf(root));
      product[i] = shifted.subtract(scaled);
    }
    return product;
  }

  private static Expression polynomial(BigInteger[] coefficients) {
    List<Expression> terms = new ArrayList<>();
    for (int i = 0; i < coefficients.length; i++) {
      Expression power = new Power(X, Formula.number(i));
      terms.add(new Product(List.of(new Number(Rational.of(coefficients[i])), power)));
    }
    return new Sum(terms);
  }

  @Property(tries = 150)
  void agreementIsSymmetric(
      @ForAll("rationalFunctions") Expression left, @ForAll("rationalFunctions") Expression right) {
    Agreement there = Questions.agreement(left, right);
    Agreement back = Questions.agreement(right, left);
    assertThat(back).isEqualTo(new Agreement(mirrored(there.outcome()), there.method()));
  }

  static Outcome mirrored(Outcome outcome) {
    return switch (outcome) {
      case LEFT_UNDEFINED -> Outcome.RIGHT_UNDEFINED;
      case RIGHT_UNDEFINED -> Outcome.LEFT_UNDEFINED;
      default -> outcome;
    };
  }

  @Property(tries = 30)
  void enclosuresSeeThroughACraftedMultipleOfTheVeryPrimesDrawn(
      @ForAll("rationalFunctions") Expression function) {
    BigInteger multiple = BigInteger.ONE;
    SplittableRandom random = new SplittableRandom(Questions.SEED);
    random.split();
    for (int i = 0; i < 2; i++) {
      PrimeField field = new PrimeField(Primes.draw(random));
      multiple = multiple.multiply(BigInteger.valueOf(field.modulus()));
      // Each prime serves two points, each with residues for π, e, x and y.
      Traits traits = Traits.of(new Budget(1_000), new Sum(List.of(function, function)));
      ModularPoint.draw(field, traits, random);
      ModularPoint.draw(field, traits, random);
    }
    Expression crafted = new Sum(List.of(function, new Number(Rational.of(multiple))));
    assertThat(Questions.agreement(function, crafted).outcome())
        .isIn(Outcome.DIFFERENT, Outcome.BOTH_UNDEFINED);
  }

  private static Outcome byBalls(Expression left, Expression right) {
    Budget budget = new Budget(100_000_000);
    Traits traits = Traits.of(budget, left, right);
    ExactEvaluation exact = new ExactEvaluation(new RationalArithmetic(100_000, budget));
    Ladder ladder = new Ladder(traits, true, exact, budget);
    PointComparison comparison = new PointComparison(left, right);
    if (traits.symbols().isEmpty()) {
      return ladder.climb(Point.NOWHERE, comparison::at);
    }
    Sampling sampling = new Sampling(traits.symbols(), new SplittableRandom(Questions.SEED));
    return new FunctionComparison(comparison, ladder, ladder, sampling, true).outcome();
  }
}
