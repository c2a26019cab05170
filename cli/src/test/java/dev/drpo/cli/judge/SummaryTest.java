package dev.drpo.cli.judge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drpo.judge.Judge;
import dev.drpo.judge.convention.Conventions;
import dev.drpo.judge.limit.Limits;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class SummaryTest {
  private static final String THOUGHT = "</think> \\boxed{7}";
  private static final String NOT_THOUGHT = "\\boxed{7}";

  @Test
  void everyOutcomeIsCounted() {
    Tally tally = tally(THOUGHT, THOUGHT, "</think> \\boxed{8}");
    tally.countMalformed();

    assertThat(Summary.lines(tally, Duration.ofMillis(1500)))
        .containsExactly(
            "judged 3 lines in 1.50 s, 2 verdicts/s; 1 malformed, each with an error in the output",
            "  EQUAL                    2",
            "  NOT_EQUAL                1");
  }

  @Test
  void modelsThatDoNotReasonAloudAreRecognised() {
    assertThat(Summary.lines(tally(THOUGHT, NOT_THOUGHT, NOT_THOUGHT), Duration.ofSeconds(1)))
        .last()
        .asString()
        .startsWith("2 responses have no </think>")
        .contains("--convention require-think=false");
    assertThat(Summary.lines(tally(THOUGHT, NOT_THOUGHT), Duration.ofSeconds(1)))
        .noneMatch(line -> line.contains("require-think"));
  }

  @Test
  void anEmptyInputIsNoDivisionByZero() {
    assertThat(Summary.lines(new Tally(), Duration.ZERO))
        .containsExactly("judged 0 lines in 0.00 s, 0 verdicts/s");
  }

  private static Tally tally(String... responses) {
    Judge judge = new Judge(Limits.DEFAULT);
    Tally sum = new Tally();
    for (String response : responses) {
      Tally one = new Tally();
      one.count(judge.judge(response, List.of("7"), Conventions.DEFAULT));
      sum.add(one);
    }
    return sum;
  }
}
