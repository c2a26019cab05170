package dev.drpo.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drpo.cli.Drpo;
import dev.drpo.cli.exit.ExitCode;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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
