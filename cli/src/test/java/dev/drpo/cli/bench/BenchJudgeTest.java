package dev.drpo.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drpo.benchmarks.judge.AnswerForm;
import dev.drpo.benchmarks.judge.HostileResponse;
import dev.drpo.benchmarks.judge.Latencies;
import dev.drpo.benchmarks.judge.MixedResponse;
import dev.drpo.benchmarks.judge.Pair;
import dev.drpo.benchmarks.judge.PlainTextGrader;
import dev.drpo.benchmarks.machine.Target;
import dev.drpo.cli.Drpo;
import dev.drpo.cli.exit.ExitCode;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import picocli.CommandLine;

class BenchJudgeTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void theReportShowsFiguresTargetsTheFloorAndTheMachine() {
    assertThat(execute("--responses", "50", "--warm-up", "0", "--seconds", "1"))
        .isEqualTo(ExitCode.OK);

    assertThat(out.toString())
        .contains("measured/target", "at least 10,000/s", "at most 1.0 ms", "at most 50.0 ms")
        .contains("floor:", "p50", "p99", "max")
        .contains("JDK " + Runtime.version(), "cores", "seed 0", "50 responses")
        .contains("rewards as labelled", "verdicts on the hostile set")
        .containsPattern(" (met|missed)\n");
    assertThat(err.toString()).contains("warming up", "measuring");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--responses 0 | --responses is 0; it must be from 1 to 100000",
        "--seconds 0 | --seconds is 0; it must be from 1 to 3600",
        "--warm-up -1 | --warm-up is -1; it must be from 0 to 3600",
        "--seed x | '--seed'",
      })
  void wrongUseIsOneMessageAndExitCodeTwo(String arguments, String message) {
    assertThat(execute(arguments.split(" "))).isEqualTo(ExitCode.USAGE);
    assertThat(err.toString()).startsWith("drpo: ").contains(message);
  }

  @Test
  void aPartMustBeNamed() {
    CommandLine command = Drpo.commandLine().setErr(new PrintWriter(err, true));
    assertThat(command.execute("bench")).isEqualTo(ExitCode.USAGE);
    assertThat(err.toString()).contains("name a part, such as judge");
  }

  @Test
  void theSameSeedDrawsTheSameMix() {
    assertThat(MixedResponse.draw(300, 7)).isEqualTo(MixedResponse.draw(300, 7));
    assertThat(MixedResponse.draw(300, 7)).isNotEqualTo(MixedResponse.draw(300, 8));
  }

  @Test
  void theMixHasTheLengthsAndSharesThatItClaims() {
    List<MixedResponse> mix = MixedResponse.draw(10_000, 0);

    assertThat(mix)
        .allSatisfy(response -> assertThat(response.text().length()).isBetween(450, 2300));
    assertThat(mix.stream().filter(MixedResponse::right).count()).isBetween(4800L, 5200L);
    assertThat(mix.stream().filter(r -> r.form() == AnswerForm.INTEGER).count())
        .isBetween(6700L, 7100L);
    assertThat(mix.stream().filter(r -> r.form() == AnswerForm.FRACTION).count())
        .isBetween(850L, 1100L);
  }

  @ParameterizedTest
  @EnumSource
  void everyFormDrawsThreeDifferentTexts(AnswerForm form) {
    Random random = new Random(1);
    for (int i = 0; i < 200; i++) {
      Pair pair = form.draw(random);
      assertThat(List.of(pair.gold(), pair.equal(), pair.unequal())).doesNotHaveDuplicates();
    }
  }

  @Test
  void hostileResponsesHaveNamesOfTheirOwn() {
    assertThat(HostileResponse.all())
        .extracting(HostileResponse::name)
        .doesNotHaveDuplicates()
        .hasSizeGreaterThan(80);
  }

  @Test
  void theFloorFindsTheLastBoxBehindTheReasoning() {
    assertThat(PlainTextGrader.isRight("\\frac{1}{2}", "</think> \\boxed{\\frac{1}{2}}.")).isTrue();
    assertThat(PlainTextGrader.isRight("2", "</think> \\boxed{2} or \\boxed{3}")).isFalse();
    assertThat(PlainTextGrader.isRight("2", "\\boxed{2} </think>")).isFalse();
    assertThat(PlainTextGrader.isRight("2", "</think> \\boxed{2")).isFalse();
  }

  @Test
  void quantilesAreByTheNearestRank() {
    long[] nanoseconds = new long[100];
    Arrays.setAll(nanoseconds, i -> 100 - i);
    Latencies latencies = new Latencies(nanoseconds, 50, 0);

    assertThat(latencies.quantile(0.5)).isEqualTo(Duration.ofNanos(50));
    assertThat(latencies.quantile(0.99)).isEqualTo(Duration.ofNanos(99));
    assertThat(latencies.max()).isEqualTo(Duration.ofNanos(100));
    assertThat(latencies.passes()).isEqualTo(2);
    assertThat(latencies.slowestInput()).isZero();
    assertThat(latencies.fastest(0)).isEqualTo(Duration.ofNanos(50));
    assertThat(latencies.perSecond()).isEqualTo(100 / 5050e-9);
  }

  @Test
  void everyPieceOfWorkIsMeasuredInWholePasses() {
    Latencies latencies = Latencies.of(List.of(1, 2, 3), x -> x, Duration.ofMillis(1));

    assertThat(latencies.checksum()).isEqualTo(6 * latencies.passes()).isPositive();
  }

  @Test
  void targetsBoundFromTheirSide() {
    assertThat(new Target.AtLeast(10).isMetBy(10)).isTrue();
    assertThat(new Target.AtLeast(10).isMetBy(9)).isFalse();
    assertThat(new Target.AtMost(10).isMetBy(10)).isTrue();
    assertThat(new Target.AtMost(10).isMetBy(11)).isFalse();
  }

  private int execute(String... arguments) {
    CommandLine command = Drpo.commandLine();
    command.setOut(new PrintWriter(out, true));
    command.setErr(new PrintWriter(err, true));
    String[] words = new String[arguments.length + 2];
    words[0] = "bench";
    words[1] = "judge";
    System.arraycopy(arguments, 0, words, 2, arguments.length);
    return command.execute(words);
  }
}
