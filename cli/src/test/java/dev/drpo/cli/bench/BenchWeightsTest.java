package dev.drpo.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drpo.cli.Drpo;
import dev.drpo.cli.exit.ExitCode;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class BenchWeightsTest {
  @ParameterizedTest
  @CsvSource({"--parameters, 0", "--updates, 0", "--spread, 2", "--chunk-bytes, 100"})
  void valuesOutOfRangeAreRefused(String option, String value) {
    StringWriter err = new StringWriter();
    CommandLine command = Drpo.commandLine().setErr(new PrintWriter(err, true));
    assertThat(command.execute("bench", "weights", option, value)).isEqualTo(ExitCode.USAGE);
    assertThat(err.toString()).startsWith("drpo: " + option + " is " + value);
  }
}
