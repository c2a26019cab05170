package dev.drpo.judge.identity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drpo.judge.identity.Agreement.Method;
import dev.drpo.judge.identity.Agreement.Outcome;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KnownIdentitiesTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '=',
      value = {
        // nested radicals
        "sqrt(3+2*sqrt(2)) = 1+sqrt(2)",
        "sqrt(5+2*sqrt(6)) = sqrt(2)+sqrt(3)",
        "root(3,2+sqrt(5))+root(3,2-sqrt(5)) = 1",
        "root(3,root(3,2)-1) = root(3,1/9)-root(3,2/9)+root(3,4/9)",
        "1/(sqrt(3)-sqrt(2)) = sqrt(3)+sqrt(2)",
        "root(3,-8) = -2",
        "(-8)^(2/3) = 4",
        "sqrt(-4) = 2*i",
        "sqrt(i) = (1+i)/sqrt(2)",
        // trigonometry
        "sin(pi/12) = (sqrt(6)-sqrt(2))/4",
        "cos(pi/12) = (sqrt(6)+sqrt(2))/4",
        "tan(pi/12) = 2-sqrt(3)",
        "cos(pi/5) = (1+sqrt(5))/4",
        "cos(pi/7)-cos(2*pi/7)+cos(3*pi/7) = 1/2",
        "sin(10*pi/180)*sin(50*pi/180)*sin(70*pi/180) = 1/8",
        "16*arctan(1/5)-4*arctan(1/239) = pi",
        "arcsin(1) = pi/2",
        "arccos(-1/2) = 2*pi/3",
        "arctan(1)+arctan(2)+arctan(3) = pi",
        "sec(pi/3)+csc(pi/6)+cot(pi/4) = 5",
        "arcsec(2)+arccsc(2)+arccot(1) = 3*pi/4",
        "sin(10^40) = sin(10^40+2*pi)",
        // exponentials and logarithms
        "e^(i*pi) = -1",
        "e^(i*pi/3) = 1/2+sqrt(3)/2*i",
        "i^i = e^(-pi/2)",
        "ln(-1) = i*pi",
        "ln(2)+ln(3) = ln(6)",
        "log(2,8) = 3",
        "log(4,8) = 3/2",
        "log(2,3)*log(3,2) = 1",
        "2^(log(2,5)) = 5",
        "cosh(1)^2-sinh(1)^2 = 1",
        "tanh(ln(2)) = 3/5",
        "exp(1) = e",
        // integers
        "((1+sqrt(5))/2)^50/sqrt(5)-((1-sqrt(5))/2)^50/sqrt(5) = 12586269025",
        "binomial(52,5) = 2598960",
        "2004!/2002! = 2004*2003",
        "binomial(2000,1000) = binomial(1999,999)+binomial(1999,1000)",
        "2^100000*2 = 2^100001",
        "floor(sqrt(2)*sqrt(2)) = 2",
        "ceiling(pi) = 4",
        "floor(-pi) = -4",
        "abs(3-4*i) = 5",
        "10^100/10^99 = 10"
      })
  void constantsOfTheSameValueAreTheSame(String left, String right) {
    assertThat(Questions.agreement(left, right).outcome()).isEqualTo(Outcome.SAME);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '=',
      value = {
        "(x+1)^2 = x^2+2*x+1",
        "(x^2-1)/(x-1) = x+1",
        "(a+b)*(a-b) = a^2-b^2",
        "1/x+1/y = (x+y)/(x*y)",
        "x^(-2) = 1/x^2",
        "(x+i)*(x-i) = x^2+1",
        "pi*x^2*2 = 2*x*x*pi",
        "(x+1)^9999*(x+1) = (x+1)^10000",
        "x^(2^2000)*x = x^(2^2000+1)"
      })
  void rationalFunctionsAreDecidedModuloPrimes(String left, String right) {
    assertThat(Questions.agreement(left, right))
        .isEqualTo(new Agreement(Outcome.SAME, Method.MODULAR));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '=',
      value = {
        "sin(x)^2+cos(x)^2 = 1",
        "cos(2*x) = 2*cos(x)^2-1",
        "sin(x+y) = sin(x)*cos(y)+cos(x)*sin(y)",
        "tan(x) = sin(x)/cos(x)",
        "e^(x+y) = e^x*e^y",
        "ln(e^x*2) = x+ln(2)",
        "sqrt(x^2) = abs(x)",
        "x^(1/3)*x^(1/3)*x^(1/3) = x",
        "2^x*2 = 2^(x+1)",
        "(-1)^(n+2) = (-1)^n",
        "n! = n*(n-1)!",
        "binomial(n,2) = n*(n-1)/2*(n!/n!)",
        "sinh(x) = (e^x-e^(-x))/2",
        "sqrt(x-4)*2 = sqrt(4*x-16)",
        "arctan(x)+arccot(x) = pi/2",
        "e^(i*x) = cos(x)+i*sin(x)"
      })
  void functionsThatAgreeWhereverTheyAreDefinedAreTheSame(String left, String right) {
    assertThat(Questions.agreement(left, right).outcome()).isEqualTo(Outcome.SAME);
  }
}
