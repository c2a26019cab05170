package dev.drpo.judge.identity;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProportionTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '=',
      value = {
        "2*x+3*y-6 = y-(2-2*x/3) = POSITIVE",
        "2*x+3*y-6 = 6-2*x-3*y = NEGATIVE",
        "x-1 = x+1 = NONE",
        "x = x^2 = NONE",
        "x = i*x = NONE",
        "i*x = 2*i*x = POSITIVE",
        "pi*x-pi = x-1 = POSITIVE",
        "pi*x-e = x-e/pi = POSITIVE",
        "pi*x-e = x-e = NONE",
        "x-x = 0 = POSITIVE",
        "x-x = x = NONE",
        "x-x = y-y = POSITIVE",
        "1/(x-x) = x = UNDEFINED",
        "3 = -2 = NEGATIVE",
        "0 = 0 = POSITIVE",
        "0 = 3 = NONE",
        "1/0 = 3 = UNDEFINED",
        "sqrt(2) = 1-sqrt(2) = NEGATIVE",
        "sqrt(2)*sqrt(2)-2 = 1 = NONE",
        "sin(x)-y = 2*y-2*sin(x) = NEGATIVE",
        "sin(x)^2-1+y = y-cos(x)^2 = POSITIVE",
        "abs(x) = x = NONE",
        "sqrt(x) = x = NONE",
        "sqrt(x)^2 = x = NONE",
        "ln(x)-y = 2*ln(x)-2*y = POSITIVE",
        "sin(x)^2+cos(x)^2-1 = 0*y = POSITIVE"
      })
  void theFactorBetweenTwoFunctionsIsFound(String left, String right, Proportion proportion) {
    assertThat(Questions.identity().proportion(Formula.of(left), Formula.of(right)))
        .isEqualTo(proportion);
    assertThat(Questions.identity().proportion(Formula.of(right), Formula.of(left)))
        .isEqualTo(proportion);
  }
}
