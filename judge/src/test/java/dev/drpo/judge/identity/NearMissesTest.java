package dev.drpo.judge.identity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drpo.judge.identity.Agreement.Outcome;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearMissesTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '=',
      value = {
        "e^(pi*sqrt(163)) = 262537412640768744",
        "355/113 = pi",
        "sqrt(2)+sqrt(3) = sqrt(10)",
        "sqrt(2)+sqrt(3) = pi",
        "e^pi-pi = 20",
        "2^(1/2) = 1414213562373095/1000000000000000",
        "sqrt(2) = 1414213562373095048801688724209/1000000000000000000000000000000",
        "sin(11) = -1+10^(-5)",
        "sqrt(1+10^(-500)) = 1",
        "sqrt(1+10^(-500)) = 1+10^(-500)/2",
        "sqrt(2)+e^(-2000) = sqrt(2)",
        "e^(e^(-2000)) = 1",
        "sin(10^(-300)) = 10^(-300)",
        "arctan(e^(-700)) = e^(-700)",
        "cos(e^(-700)) = 1",
        "1/2004! = 1/2006!",
        "2^100000 = 2^100000+1",
        "9^9^9 = 9^9^9+1",
        "(x+1)^9999 = x^9999+1",
        "x^2 = x^2+10^(-1000)",
        "sin(x) = x",
        "cos(x) = sin(x+pi/2)+10^(-60)",
        "e^x = 1+x+x^2/2+x^3/6+x^4/24+x^5/120+x^6/720",
        "x/abs(x) = 1",
        "pi*e = e^2+pi^2-pi*e",
        "sin(10^40) = sin(10^40+1)",
        "320 = 320+10^(-7)",
        "K = k",
        "x = y"
      })
  void differentValuesDifferHoweverCloseTheyAre(String left, String right) {
    assertThat(Questions.agreement(left, right).outcome()).isEqualTo(Outcome.DIFFERENT);
  }
}
