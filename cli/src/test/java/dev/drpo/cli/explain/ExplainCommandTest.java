package dev.drpo.cli.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.drpo.cli.Drpo;
import dev.drpo.cli.exit.ExitCode;
import dev.drpo.objectives.ObjectiveConfig;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class ExplainCommandTest {
  private static final String GROUP = "--rewards 1,1,1,0,0,0 --lengths 100,200,900,50,60,70";

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void theTableMarksWhatPushesALongRightAnswerDown() {
    assertThat(execute(GROUP + " --max-length 1000")).isEqualTo(ExitCode.OK);

    assertThat(row("reward")).containsExactly("1", "1", "1", "0", "0", "0");
    assertThat(row("length")).containsExactly("100", "200", "900", "50", "60", "70");
    // exp(-1) and exp(-8) of the shortest one's weight.
    assertThat(row("drpo"))
        .containsExactly("+0.7309", "+0.2689", "+2.5e-04", "-0.3333", "-0.3333", "-0.3333");
    assertThat(row("grpo-length"))
        .containsExactly("+0.2331", "+0.1943", "!-0.0777", "-0.1166", "-0.1166", "-0.1166");
    assertThat(out.toString()).contains("! pushes a right answer down: grpo-length, dler\n");
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void aBudgetThatIsFarAwayHurtsNobodyAndTheTableSaysSo() {
    assertThat(execute(GROUP)).isEqualTo(ExitCode.OK);

    assertThat(out.toString())
        .contains("No objective pushes a right answer down here", "max-length 8,192 tokens");
  }

  @Test
  void theJsonHasEveryObjectiveOnOneLine() {
    assertThat(execute(GROUP + " --max-length 1000 --json")).isEqualTo(ExitCode.OK);

    assertThat(out.toString().lines()).hasSize(1);
    assertThat(out.toString())
        .startsWith(
            "{\"rewards\":[1.0,1.0,1.0,0.0,0.0,0.0],\"lengths\":[100,200,900,50,60,70],"
                + "\"objectives\":{\"drpo\":[");
    Matcher keys = Pattern.compile("\"([a-z0-9-]+)\":\\[").matcher(out.toString());
    assertThat(keys.results().map(key -> key.group(1)).skip(2))
        .containsExactlyElementsOf(
            ObjectiveConfig.defaults().stream().map(ObjectiveConfig::name).toList());
    double[] drpo = weights("drpo");
    assertThat(drpo[0] + drpo[1] + drpo[2]).isCloseTo(1, within(1e-12));
    assertThat(drpo[2]).isCloseTo(Math.exp(-8) * drpo[0], within(1e-12));
  }

  @Test
  void shapedRewardsAreGrposOwnAndTheOthersTellRightFromWrong() {
    assertThat(execute("--rewards 0.73,0.6,0.2,0,0,0 --lengths 270,400,800,1,1,1 --json"))
        .isEqualTo(ExitCode.OK);

    // An advantage of -0.167 over six responses.
    assertThat(weights("grpo")[2]).isCloseTo(-0.167 / 6, within(1e-4));
    assertThat(weights("dr-grpo")[2]).isNegative();
    assertThat(weights("drpo")[2]).isPositive();
    assertThat(weights("disco")[2]).isCloseTo(1 / 3.0, within(1e-12));

    assertThat(execute("--rewards 0.73,0 --lengths 1,2")).isEqualTo(ExitCode.OK);
    assertThat(out.toString()).contains("Only grpo and dr-grpo learn from the size of a reward");
  }

  @Test
  void lambdaIsDrposAndInfinityIsDisco() {
    assertThat(execute(GROUP + " --lambda Infinity --json")).isEqualTo(ExitCode.OK);

    assertThat(weights("drpo")).isEqualTo(weights("disco"));
  }

  @Test
  void aGroupThatIsAllRightHasTheWeightsThatAllCorrectNames() {
    // exp(-1) of the shorter one's weight.
    double shorter = 1 / (1 + Math.exp(-1));
    String group = "--rewards 1,1 --lengths 100,200 --max-length 1000 --json --all-correct ";
    assertThat(execute(group + "pull")).isEqualTo(ExitCode.OK);
    assertThat(weights("drpo")).containsExactly(new double[] {shorter, 1 - shorter}, within(1e-12));

    out.getBuffer().setLength(0);
    assertThat(execute(group + "contrast")).isEqualTo(ExitCode.OK);
    assertThat(weights("drpo"))
        .containsExactly(new double[] {shorter - 0.5, 0.5 - shorter}, within(1e-12));
  }

  @Test
  void groupsWithoutContrastHaveNoWeightUnderDrpo() {
    assertThat(execute("--rewards 1,1 --lengths 5,9")).isEqualTo(ExitCode.OK);

    assertThat(row("drpo")).containsExactly("0", "0");
    assertThat(row("grpo")).containsExactly("0", "0");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--lengths 1,2 | Missing required option: '--rewards=R,R,",
        "--rewards 1 | Missing required option: '--lengths=L,L,",
        "--rewards 1,0 --lengths 5 | --rewards has 2 and --lengths has 1; give one of each",
        "--rewards= --lengths= | --rewards is empty; give at least one response",
        "--rewards 1,,0 --lengths 5,6,7 | in which '' is not a finite number such as 1, 0 or 0.6",
        "--rewards 1,yes --lengths 5,6 | --rewards is 1,yes, in which 'yes' is not a finite number",
        "--rewards 1,NaN --lengths 5,6 | in which 'NaN' is not a finite number",
        "--rewards 1,0 --lengths 5,0 | --lengths is 5,0, in which '0' is not a whole number of",
        "--rewards 1,0 --lengths 5,6.5 | in which '6.5' is not a whole number of tokens, 1 or more",
        "--rewards 1,0 --lengths 5,9000 | --lengths has 9000, above the longest response allowed; raise --max-length, now 8192",
        "--rewards 1 --lengths 1 --max-length 0 | --max-length is 0; it must be 1 or more",
        "--rewards 1 --lengths 20000000 --max-length 30000000 | explain computes with at most 10,000,000",
        "--rewards 1 --lengths 1 --lambda 0 | --lambda is 0.0; it must be above 0",
        "--rewards 1 --lengths 1 --all-correct push | --all-correct is push; it must be one of [none,",
        "--rewards 1 --lengths 1 --all-correct contrast --lambda Infinity | --all-correct is contrast;",
        "--rewards 1 --lengths 1 --lambda much | Invalid value for option '--lambda'",
      })
  void wrongUseIsOneMessageAndExitCodeTwo(String arguments, String message) {
    assertThat(execute(arguments)).isEqualTo(ExitCode.USAGE);

    assertThat(err.toString()).startsWith("drpo: ").contains(message).doesNotContain("\tat ");
    assertThat(out.toString()).isEmpty();
  }

  private String[] row(String name) {
    String row =
        out.toString()
            .lines()
            .filter(line -> line.startsWith(name + " "))
            .findFirst()
            .orElseThrow();
    return row.substring(name.length()).strip().split(" +");
  }

  private double[] weights(String objective) {
    Matcher array = Pattern.compile("\"" + objective + "\":\\[([^]]*)]").matcher(out.toString());
    assertThat(array.find()).isTrue();
    return Arrays.stream(array.group(1).split(",")).mapToDouble(Double::parseDouble).toArray();
  }

  private int execute(String arguments) {
    CommandLine command = Drpo.commandLine();
    command.setOut(new PrintWriter(out, true));
    command.setErr(new PrintWriter(err, true));
    return command.execute(("explain " + arguments).split(" "));
  }
}
