package dev.drpo.judge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drpo.judge.convention.Conventions;
import dev.drpo.judge.limit.Limits;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReasoningTailTest {
  private static final Judge JUDGE = new Judge(Limits.DEFAULT);

  /** The tail begins at the bar; {@code ~} is the end of a line. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '%',
      quoteCharacter = '`',
      value = {
        // Behind an equals sign at the end of a statement.
        "5  % <think> a 2 + 3 = 5 ;| b 5 * 1 = 5 ; </think> \\boxed{5}",
        "15 % <think> 12 * 3 = 16 ; 16 - 1 = 15 ;| check 16 - 1 = 15 ; </think>",
        "5  % Let x = 2 + 3 = 5.|~Wait, let me check.~</think>",
        "5  % So x = 5.| Wait. </think>",
        "5  % We get $x = 5$| and so on.</think>",
        "5  % We get \\(x = 5\\)| and so on.</think>",
        "5  % \\begin{align} x &= 2 + 3 \\\\ &= 5 \\\\| \\end{align} Good. </think>",
        "12 % x = 3, and 4 x = 12~|Let me verify.~</think>",
        // As a line of its own.
        "5  % The sum is~5~|Again: 5~</think>",
        "5  % $5$~|Again~</think>",
        "5  % \\[ 5 \\]~|Again~</think>",
        // As the judge sees it: another form of the gold, and one of several golds.
        "\\frac{1}{2} % p = 1/2~|Or 0.5.~</think>",
        "1,000 % n = 1000~|Yes~</think>",
        "x=5 % hence x = 5~|Yes~</think>",
        "(1,2) % the point = (1, 2)~|Yes~</think>",
        // What came before was not it.
        "5  % x = 4~No: x = 5~|Yes~</think>",
      })
  void theTailBeginsBehindTheFirstStatementOfAGold(String gold, String marked) {
    String text = lines(marked);
    int start = text.indexOf('|');
    String response = text.substring(0, start) + text.substring(start + 1);
    assertThat(JUDGE.tail(response, List.of(gold), Conventions.DEFAULT))
        .hasValue(new ReasoningTail(start, response.lastIndexOf("</think>")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '%',
      quoteCharacter = '`',
      value = {
        // A value that is mentioned, or that goes on.
        "5  % There are 5 apples~and so on~</think>",
        "5  % x = 5 + 2~and so on~</think>",
        "5  % 5 = x~and so on~</think>",
        "5  % x = 50~and so on~</think>",
        "5  % x = 5.25~and so on~</think>",
        "5  % x = 5 apples and 3 pears~and so on~</think>",
        // Not yet computed.
        "5  % x = 2 + 3~and so on~</think>",
        "0.5 % p = 1/2~and so on~</think>",
        // No equation.
        "5  % x >= 5~and so on~</think>",
        "5  % x != 5~and so on~</think>",
        "5  % x := 5~and so on~</think>",
        "5  % if x == 5~and so on~</think>",
        // Other values.
        "5  % x = 4~and so on~</think>",
        // Nothing behind it.
        "5  % x = 5~</think> \\boxed{5}",
        "5  % x = 5 </think> x = 5; and so on",
        // In the answer, or without an end of the reasoning.
        "5  % Let me think </think> x = 5~and so on~\\boxed{5}",
        "5  % x = 5~and so on \\boxed{5}",
        // Values that cannot be read are the gold's only as the same text.
        "5  % x = \\begin{~and so on~</think>",
      })
  void noTailBeginsWithoutAResultThatIsAGold(String gold, String text) {
    assertThat(JUDGE.tail(lines(text), List.of(gold), Conventions.DEFAULT)).isEmpty();
  }

  @Test
  void anyOfSeveralGoldsBeginsIt() {
    assertThat(
            JUDGE
                .tail("x = 7\nso x = 5\n</think>", List.of("5", "7"), Conventions.DEFAULT)
                .orElseThrow()
                .start())
        .isEqualTo(6);
  }

  @Test
  void goldsThatSayNothingFindNothing() {
    assertThat(JUDGE.tail("x = 5\nand\n</think>", List.of(), Conventions.DEFAULT)).isEmpty();
    assertThat(JUDGE.tail("x = 5\nand\n</think>", List.of(" "), Conventions.DEFAULT)).isEmpty();
  }

  @Test
  void aTextOfNothingButStatementsIsGivenUp() {
    String end = "x = 5\nand\n</think>";
    List<String> gold = List.of("5");
    assertThat(JUDGE.tail("x = 4\n".repeat(1_999) + end, gold, Conventions.DEFAULT)).isPresent();
    assertThat(JUDGE.tail("x = 4\n".repeat(2_000) + end, gold, Conventions.DEFAULT)).isEmpty();
  }

  @Test
  void lookingForItCostsNoMoreThanAVerdictMay() {
    Limits tight = new Limits(1 << 20, 4096, 64, 2000, 2_000);
    String text = "x = 1234567\n".repeat(500) + "x = 5\nand\n</think>";
    assertThat(new Judge(tight).tail(text, List.of("5"), Conventions.DEFAULT)).isEmpty();
    assertThat(JUDGE.tail(text, List.of("5"), Conventions.DEFAULT)).isPresent();
  }

  private static String lines(String text) {
    return text.replace('~', '\n');
  }
}
