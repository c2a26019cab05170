package dev.drpo.judge.identity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drpo.judge.identity.Agreement.Outcome;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DomainsTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '=',
      value = {
        "ln(x^2) = 2*ln(x)",
        "sqrt(x^2) = x",
        "sqrt(x)^2 = x",
        "e^(ln(x)) = x",
        "sqrt(x*y) = sqrt(x)*sqrt(y)",
        "sin(arcsin(x)) = x",
        "x^(1/2)*x^(1/2) = x"
      })
  void functionsWithDifferentDomainsDiffer(String left, String right) {
    assertThat(Questions.agreement(left, right).outcome()).isEqualTo(Outcome.DIFFERENT);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '=',
      value = {"(x^2-1)/(x-1) = x+1", "x/x = 1", "sin(x)/tan(x) = cos(x)", "0*x/sin(x) = 0"})
  void isolatedPolesDoNotMatter(String left, String right) {
    assertThat(Questions.agreement(left, right).outcome()).isEqualTo(Outcome.SAME);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '=',
      value = {
        "1/0 = 1 = LEFT_UNDEFINED",
        "1/0 = 1/0 = BOTH_UNDEFINED",
        "1/0 = 2/0 = BOTH_UNDEFINED",
        "1/(x-x) = 1/(x-x) = BOTH_UNDEFINED",
        "1/(x-x) = 1/(2*x-2*x) = BOTH_UNDEFINED",
        "1/(x-x) = x = LEFT_UNDEFINED",
        "x = ln(x-x) = RIGHT_UNDEFINED",
        "tan(pi/2) = 1 = LEFT_UNDEFINED",
        "1/(sqrt(2)*sqrt(2)-2) = 1 = LEFT_UNDEFINED",
        "ln(sin(pi)) = 5 = LEFT_UNDEFINED",
        "(1/2)! = 3 = LEFT_UNDEFINED",
        "(-1)! = 3 = LEFT_UNDEFINED",
        "floor(i) = 0 = LEFT_UNDEFINED",
        "0^0 = 1 = LEFT_UNDEFINED",
        "log(1,5) = 1 = LEFT_UNDEFINED",
        "infinity-infinity = 0 = LEFT_UNDEFINED",
        "infinity = infinity = SAME",
        "-infinity = -infinity = SAME",
        "-infinity = infinity = DIFFERENT",
        "infinity = 10^9 = DIFFERENT",
        "sqrt(x-200)*2 = sqrt(4*x-800) = SAME",
        "sqrt(x-10^99)*2 = sqrt(4*x-4*10^99) = UNDECIDED"
      })
  void whatHasNoValueIsToldFromWhatHas(String left, String right, Outcome outcome) {
    assertThat(Questions.agreement(left, right).outcome()).isEqualTo(outcome);
  }
}
