package dev.drpo.cli.judge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drpo.cli.Drpo;
import dev.drpo.cli.exit.ExitCode;
import dev.drpo.judge.convention.Convention;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class JudgeCommandTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "no-such.jsonl | no-such.jsonl does not exist; give a file of JSON lines",
        "--convention percent | --convention is 'percent'; it must look like percent=typed",
        "--convention =typed | --convention is '=typed'; it must look like percent=typed",
        "--convention colour=red | unknown convention 'colour'; the conventions are require-think, percent",
        "--convention percent=red | convention percent is 'red'; it must be one of lenient, typed",
        "--convention percent=typed --convention percent=lenient | is given as typed and as lenient",
        "--threads 0 | --threads is 0; it must be 1 or more",
        "--threads two | '--threads'",
        "--explain 1 | '--explain'",
        "--explain 1 2 3 | --explain reads no file; leave 3 out",
        "--explain 1 2 --explain 1 2 | --explain is given several times",
        "--conventions x.jsonl | --conventions reads no file; leave x.jsonl out",
        "--conventions --explain 1 2 | --conventions and --explain are two commands",
        "--selftest x.jsonl | --selftest reads no file; leave x.jsonl out",
        "--selftest --conventions | --selftest is a command of its own",
        "--convention profile=lax | profile is 'lax'; it must be one of strict, default",
        "x.jsonl y.jsonl | y.jsonl",
        "--convetion a=b | Did you mean",
      })
  void wrongUseIsOneMessageAndExitCodeTwo(String arguments, String message) {
    assertThat(execute(arguments.split(" "))).isEqualTo(ExitCode.USAGE);

    assertThat(err.toString()).startsWith("drpo: ").contains(message).doesNotContain("\tat ");
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void aFolderIsNoFile() {
    assertThat(execute(folder.toString())).isEqualTo(ExitCode.USAGE);
    assertThat(err.toString()).contains(folder + " is a folder; give a file of JSON lines");
  }

  @Test
  void anEmptyFileIsJudgedWithoutComplaint() throws IOException {
    Path empty = Files.createFile(folder.resolve("empty.jsonl"));

    assertThat(execute(empty.toString())).isEqualTo(ExitCode.OK);
    assertThat(err.toString()).startsWith("judged 0 lines");
  }

  @Test
  void anExplanationEndsWithTheVerdictAndItsRule() {
    assertThat(execute("--explain", "\\frac12", "0.5")).isEqualTo(ExitCode.OK);

    List<String> lines = out.toString().lines().toList();
    assertThat(lines).hasSizeGreaterThan(1);
    assertThat(lines.getLast())
        .matches("verdict +EQUAL by the rule equal-numbers, in [0-9,]+ steps");
  }

  @Test
  void explanationsObeyTheConventions() {
    assertThat(execute("--explain", "5\\%", "5", "--convention", "percent=typed"))
        .isEqualTo(ExitCode.OK);
    assertThat(out.toString()).contains("NOT_EQUAL");
  }

  @Test
  void answersThatLookLikeOptionsAreExplained() {
    assertThat(execute("--explain", "-7", "-7")).isEqualTo(ExitCode.OK);
    assertThat(execute("--explain", "@7", "@7")).isEqualTo(ExitCode.OK);
    assertThat(out.toString().lines().filter(line -> line.matches("verdict +EQUAL by the rule .*")))
        .hasSize(2);
  }

  @Test
  void theListOfConventionsIsComplete() {
    assertThat(execute("--conventions")).isEqualTo(ExitCode.OK);
    for (Convention.Option option : Convention.Option.values()) {
      assertThat(out.toString())
          .contains(option.convention().id() + "=" + option.id())
          .contains(option.meaning());
    }
  }

  @Test
  void theSelfTestPrintsATableAndFindsNothingWrong() {
    assertThat(execute("--selftest")).isEqualTo(ExitCode.OK);
    assertThat(out.toString().lines().findFirst()).hasValue("| form | equal | unequal | refused |");
    assertThat(out.toString().lines().toList().getLast()).startsWith("| all | ");
  }

  private int execute(String... arguments) {
    CommandLine command = Drpo.commandLine();
    command.setOut(new PrintWriter(out, true));
    command.setErr(new PrintWriter(err, true));
    String[] words = new String[arguments.length + 1];
    words[0] = "judge";
    System.arraycopy(arguments, 0, words, 1, arguments.length);
    return command.execute(words);
  }
}
