package dev.drpo.judge.identity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drpo.judge.number.Rational;
import java.math.BigInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OrderTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '=',
      value = {
        "1/3 = 1/2 = LESS",
        "sqrt(2) = 3/2 = LESS",
        "pi = 355/113 = LESS",
        "sqrt(3+2*sqrt(2)) = 1+sqrt(2) = EQUAL",
        "e^(pi*sqrt(163)) = 262537412640768744 = LESS",
        "sqrt(1+10^(-500)) = 1 = GREATER",
        "-infinity = infinity = LESS",
        "infinity = infinity = EQUAL",
        "infinity = 10^100 = GREATER",
        "-infinity = sqrt(2) = LESS",
        "e^(i*pi) = -1 = EQUAL",
        "i = 1 = INCOMPARABLE",
        "sqrt(-4) = 1 = INCOMPARABLE",
        "infinity = i = INCOMPARABLE",
        "1/0 = 1 = INCOMPARABLE",
        "tan(pi/2) = 1 = INCOMPARABLE",
        "infinity+1 = 1 = INCOMPARABLE",
        "x = x+1 = INCOMPARABLE",
        "2*x = x+x = EQUAL"
      })
  void constantsLieInOrderOnTheLine(String left, String right, Order order) {
    assertThat(Questions.identity().order(Formula.of(left), Formula.of(right))).isEqualTo(order);
    assertThat(Questions.identity().order(Formula.of(right), Formula.of(left)))
        .isEqualTo(reversed(order));
  }

  static Order reversed(Order order) {
    return switch (order) {
      case LESS -> Order.GREATER;
      case GREATER -> Order.LESS;
      case EQUAL, INCOMPARABLE -> order;
    };
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '=',
      value = {
        "1/3 = 333333 = true",
        "1/3 = 333334 = false",
        "pi = 3141593 = true",
        "pi = 3141592 = false",
        "sqrt(2) = 1414214 = true",
        "sqrt(2) = 1414213 = false",
        "e^(i*pi) = -1000000 = true",
        "i = 0 = false",
        "x = 1 = false",
        "1/0 = 0 = false",
        "infinity = 0 = false"
      })
  void aValueIsWithinHalfAMillionthOfItsRounding(String exact, long millionths, boolean within) {
    Rational centre = new Rational(BigInteger.valueOf(millionths), BigInteger.valueOf(1_000_000));
    Rational radius = new Rational(BigInteger.ONE, BigInteger.valueOf(2_000_000));
    assertThat(Questions.identity().isWithin(Formula.of(exact), centre, radius)).isEqualTo(within);
  }

  @Test
  void theRimCountsAsWithin() {
    Rational one = Rational.ONE;
    assertThat(Questions.identity().isWithin(Formula.of("2"), one, one)).isTrue();
    assertThat(Questions.identity().isWithin(Formula.of("sqrt(3+2*sqrt(2))-sqrt(2)+1"), one, one))
        .isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '=',
      value = {
        "1/3+1/6 = 1/2",
        "2^10/2^(-1) = 2048",
        "sqrt(9/4) = 3/2",
        "(-8)^(2/3) = 4",
        "8^(-1/3) = 1/2",
        "root(3,-27) = -3",
        "5!/3! = 20",
        "binomial(5,2) = 10",
        "binomial(2,5) = 0",
        "floor(-7/2) = -4",
        "ceiling(7/2) = 4",
        "abs(-7/2) = 7/2",
        "(-1)^(10^30) = 1"
      })
  void rationalConstantsAreComputed(String expression, String value) {
    assertThat(Questions.identity().rational(Formula.of(expression)))
        .isEqualTo(Questions.identity().rational(Formula.of(value)))
        .isPresent();
  }

  @ParameterizedTest
  @CsvSource({"sqrt(2)", "pi", "x", "1/0", "10^3000", "99999999!", "9^9^9^9", "2^(1/2)"})
  void whatIsNotARationalConstantWithinTheLimitsHasNoExactValue(String expression) {
    assertThat(Questions.identity().rational(Formula.of(expression))).isEmpty();
  }
}
