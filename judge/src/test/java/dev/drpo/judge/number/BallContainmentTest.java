package dev.drpo.judge.number;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.BigInteger;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** Each operation on balls holds the result for any member, here one between centre and rim. */
class BallContainmentTest {

  /** A ball and one of its members. */
  record Member(Ball ball, Rational value) {}

  /** Radii from none to as wide as the centre, and numbers from 2^-90 to 2^60. */
  @Provide
  Arbitrary<Member> members() {
    Arbitrary<BigInteger> mantissas =
        Arbitraries.bigIntegers()
            .between(BigInteger.ONE.shiftLeft(60).negate(), BigInteger.ONE.shiftLeft(60));
    Arbitrary<Long> radii =
        Arbitraries.oneOf(Arbitraries.just(0L), Arbitraries.longs().between(0, 1L << 28));
    Arbitrary<Integer> exponents = Arbitraries.integers().between(-90, 0);
    Arbitrary<Integer> positions = Arbitraries.integers().between(-16, 16);
    return Combinators.combine(mantissas, radii, exponents, positions)
        .as(
            (mantissa, radius, exponent, position) -> {
              BigInteger member =
                  mantissa
                      .shiftLeft(4)
                      .add(BigInteger.valueOf(radius).multiply(BigInteger.valueOf(position)));
              return new Member(
                  new Ball(mantissa, radius, exponent),
                  new Rational(member, BigInteger.ONE.shiftLeft(4 - exponent)));
            });
  }

  @Property(tries = 500)
  void sumsDifferencesAndProductsHoldThoseOfMembers(
      @ForAll("members") Member left,
      @ForAll("members") Member right,
      @ForAll @IntRange(min = 8, max = 200) int precision) {
    BallArithmetic reals = Enclosure.arithmetic(precision);
    Rational a = left.value();
    Rational b = right.value();
    assertThat(reals.plus(left.ball(), right.ball()).contains(a.plus(b))).isTrue();
    assertThat(reals.minus(left.ball(), right.ball()).contains(a.minus(b))).isTrue();
    assertThat(reals.times(left.ball(), right.ball()).contains(a.times(b))).isTrue();
  }

  @Property(tries = 500)
  void quotientsHoldThoseOfMembers(
      @ForAll("members") Member left,
      @ForAll("members") Member right,
      @ForAll @IntRange(min = 8, max = 200) int precision) {
    Assume.that(right.ball().sign() != 0);
    BallArithmetic reals = Enclosure.arithmetic(precision);
    Ball quotient = reals.dividedBy(left.ball(), right.ball());
    assertThat(quotient.contains(left.value().dividedBy(right.value()))).isTrue();
  }

  @Property(tries = 300)
  void rootsHoldThoseOfMembers(
      @ForAll("members") Member operand,
      @ForAll @IntRange(min = 2, max = 12) int degree,
      @ForAll @IntRange(min = 8, max = 200) int precision) {
    Assume.that(operand.ball().sign() > 0);
    BallArithmetic reals = Enclosure.arithmetic(precision);
    Ball root = reals.root(operand.ball(), degree);
    // The member lies between the powers of the least and the greatest root.
    Rational least = power(exact(root.lower()), degree);
    Rational greatest = power(exact(root.upper()), degree);
    assertThat(operand.value()).isBetween(least, greatest);
  }

  private static Rational exact(Ball ball) {
    return new IntegerFunctions(Enclosure.arithmetic(64)).rational(ball);
  }

  private static Rational power(Rational base, int exponent) {
    return new Rational(base.numerator().pow(exponent), base.denominator().pow(exponent));
  }

  @Property(tries = 150, maxDiscardRatio = 100)
  void exponentialsSinesAndCosinesHoldThoseOfMembers(
      @ForAll("members") Member operand, @ForAll @IntRange(min = 32, max = 300) int precision) {
    // The oracle's series are slow, and no radius may span a turn.
    Assume.that(operand.ball().top() < 6 && operand.ball().spread().top() < 0);
    BallArithmetic reals = Enclosure.arithmetic(precision);
    ComplexFunctions functions = Enclosure.functions(reals);
    ComplexBall z = ComplexBall.real(operand.ball());
    BigDecimal x = SlowReals.of(operand.value());
    Enclosure.assertHolds(functions.exp(z).real(), SlowReals.exp(x));
    Enclosure.assertHolds(functions.sine(z).real(), SlowReals.sin(x));
    Enclosure.assertHolds(functions.cosine(z).real(), SlowReals.cos(x));
  }

  @Property(tries = 150, maxDiscardRatio = 100)
  void logarithmsHoldThoseOfMembers(
      @ForAll("members") Member operand, @ForAll @IntRange(min = 32, max = 300) int precision) {
    Assume.that(operand.ball().sign() > 0);
    BallArithmetic reals = Enclosure.arithmetic(precision);
    Ball ln = Enclosure.functions(reals).ln(ComplexBall.real(operand.ball())).real();
    Enclosure.assertHolds(ln, SlowReals.ln(SlowReals.of(operand.value())));
  }

  @Property(tries = 150)
  void arctangentsHoldThoseOfMembers(
      @ForAll("members") Member operand, @ForAll @IntRange(min = 32, max = 300) int precision) {
    BallArithmetic reals = Enclosure.arithmetic(precision);
    Ball angle = Enclosure.functions(reals).arctangent(ComplexBall.real(operand.ball())).real();
    Enclosure.assertHolds(angle, SlowReals.arctan(SlowReals.of(operand.value())));
  }

  @Property(tries = 100)
  void functionsOfExactNumbersLoseFewBits(
      @ForAll @IntRange(min = 1, max = 1 << 20) int numerator,
      @ForAll @IntRange(min = 32, max = 400) int precision) {
    BallArithmetic reals = Enclosure.arithmetic(precision);
    ComplexFunctions functions = Enclosure.functions(reals);
    ComplexBall x = ComplexBall.real(Ball.exact(numerator).shift(-17));
    Enclosure.assertTight(functions.exp(x).real(), precision - 12);
    Enclosure.assertTight(functions.arctangent(x).real(), precision - 12);
    Enclosure.assertTight(functions.squareRoot(x).real(), precision - 4);
    if (numerator != 1 << 17) {
      Enclosure.assertTight(functions.ln(x).real(), precision - 30);
    }
  }
}
