package dev.drpo.judge.number;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class GoldenConstantsTest {
  private static final int PRECISION = 192;

  interface Constant extends BiFunction<BallArithmetic, ComplexFunctions, ComplexBall> {}

  static Stream<Arguments> constants() {
    return Stream.of(
        golden(
            "pi",
            (reals, functions) -> ComplexBall.real(functions.pi()),
            "3.14159265358979323846264338327950288419716939937510582097494459230781640628620899"),
        golden(
            "e",
            (reals, functions) -> functions.exp(ComplexBall.ONE),
            "2.71828182845904523536028747135266249775724709369995957496696762772407663035354759"),
        golden(
            "ln 2",
            (reals, functions) -> functions.ln(integer(2)),
            "0.69314718055994530941723212145817656807550013436025525412068000949339362196969472"),
        golden(
            "ln 10",
            (reals, functions) -> functions.ln(integer(10)),
            "2.30258509299404568401799145468436420760110148862877297603332790096757260967735248"),
        golden(
            "sqrt 2",
            (reals, functions) -> functions.squareRoot(integer(2)),
            "1.41421356237309504880168872420969807856967187537694807317667973799073247846210704"),
        golden(
            "sin 1",
            (reals, functions) -> functions.sine(ComplexBall.ONE),
            "0.84147098480789650665250232163029899962256306079837106567275170999191040439123967"),
        golden(
            "cos 1",
            (reals, functions) -> functions.cosine(ComplexBall.ONE),
            "0.54030230586813971740093660744297660373231042061792222767009725538110039477447176"),
        golden(
            "arctan 1/2",
            (reals, functions) -> functions.arctangent(half(reals)),
            "0.46364760900080611621425623146121440202853705428612026381093308872019786416574171"),
        golden(
            "cube root of 2",
            (reals, functions) -> ComplexBall.real(reals.root(Ball.exact(2), 3)),
            "1.25992104989487316476721060727822835057025146470150798008197511215529967651395948"));
  }

  private static Arguments golden(String name, Constant constant, String digits) {
    return Arguments.of(name, constant, new BigDecimal(digits));
  }

  private static ComplexBall integer(long value) {
    return ComplexBall.real(Ball.exact(value));
  }

  private static ComplexBall half(BallArithmetic reals) {
    return ComplexBall.real(reals.of(new Rational(BigInteger.ONE, BigInteger.TWO)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("constants")
  void aConstantMatchesItsPublishedDigits(String name, Constant constant, BigDecimal digits) {
    BallArithmetic reals = Enclosure.arithmetic(PRECISION);
    Ball ball = constant.apply(reals, Enclosure.functions(reals)).real();
    Enclosure.assertHolds(ball, digits);
    Enclosure.assertTight(ball, PRECISION - 8);
  }
}
