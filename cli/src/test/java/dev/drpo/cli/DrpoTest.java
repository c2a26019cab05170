package dev.drpo.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drpo.cli.exit.ExitCode;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class DrpoTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void helpNamesTheCommandsAndTheOptions() {
    assertThat(execute("--help")).isEqualTo(ExitCode.OK);
    assertThat(execute("quickstart", "--help")).isEqualTo(ExitCode.OK);
    assertThat(out.toString())
        .contains("quickstart", "test", "--steps", "--seed", "--objective", "--lambda")
        .contains("--rollouts", "--config", "--out", "--resume");
  }

  @Test
  void everyCommandIsListedWithWhatItDoes() {
    assertThat(execute("--help")).isEqualTo(ExitCode.OK);

    assertThat(out.toString())
        .containsPattern("quickstart +\\S")
        .containsPattern("train +\\S")
        .containsPattern("generate +\\S")
        .containsPattern("logprobs +\\S")
        .containsPattern("judge +\\S")
        .containsPattern("bench +\\S")
        .containsPattern("doctor +\\S")
        .containsPattern("status +\\S")
        .containsPattern("rollouts +\\S")
        .containsPattern("chaos +\\S")
        .containsPattern("dataset +\\S")
        .containsPattern("sft +\\S");
  }

  @Test
  void theVersionNamesTheJavaItRunsOn() {
    assertThat(execute("--version")).isEqualTo(ExitCode.OK);
    assertThat(out.toString()).startsWith("drpo ").contains("Java " + Runtime.version());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | name a command",
        "quikstart | Did you mean quickstart or",
        "quickstart --steps many | '--steps'",
        "quickstart --step 3 | Did you mean --steps",
        "quickstart --rollouts 0 | --rollouts is 0; it must be 1 or more",
        "quickstart --objective ppo | objective.name is ppo; it must be one of",
        "quickstart --lambda -1 | objective.lambda is -1.0; it must be above 0",
        "quickstart --steps -1 | training.steps is -1; it must be 0 or more",
        "quickstart --config no-such.yaml | no-such.yaml does not exist",
        "quickstart --resume | --resume needs --out",
        "train | train needs a configuration: name its file with --config",
        "train my.yaml | is no key=value, such as training.steps=200; a configuration file is named"
            + " with",
        "train --preset fast | preset is fast; it must be one of",
        "train --preset quickstart training.step=1 | unknown key training.step in the command line",
        "train --preset quickstart --replicas 0 | --rollouts is 0; it must be 1 or more",
        "doctor --gpu --device cpu | --gpu stands for --device cuda; give one of them",
        "doctor --device tpu | --device is tpu; it must be cpu, cuda or cuda:N",
        "doctor --shape tiny | --shape needs --gpu or --device",
        "doctor --device cpu --shape 3b | --shape is 3b; it must be tiny or 1.5b",
        "doctor --json no-such-folder/doctor.json | no-such-folder is no folder that can be written"
            + " to",
        "train --preset quickstart --broker here | --broker is here; it must be host:port",
        "chaos --kills -1 | --kills is -1; it must be from 0 to 10000",
        "chaos --minutes 0 | --minutes is 0.0; it must be above 0",
        "chaos --steps 1 | --steps is 1; it must be from 2 to 20000",
        "status | name the folder of a run, or a broker with --broker and --run",
        "status --broker here --run mine | --broker is here; it must be host:port",
        "status --broker here:1 | --broker needs --run with the run's id",
        "status no-such-run | the folder no-such-run holds no run (no run.yaml)",
        "status somewhere --run mine | --run is given with the folder somewhere",
        "rollouts | name one of tail, show and stats",
        "dataset | name one of import, show, stats and validate",
        "dataset import data.parquet | Missing required option: '--out=FILE'",
        "rollouts show --last 0 no-such-run | --last is 0; it must be 1 or more",
        "rollouts show --right --wrong no-such-run | --right and --wrong leave no response",
        "rollouts stats --right no-such-run | stats counts right and wrong responses side by side",
        "rollouts show --unscored --wrong x | --unscored shows groups that nobody has judged",
        "rollouts tail --step 0 no-such-run | --step is 0; it must be 1 or more",
        "rollouts stats no-such-run | the folder no-such-run holds no run (no run.yaml)",
      })
  void wrongUseIsOneMessageAndExitCodeTwo(String arguments, String message) {
    String[] words = arguments.isEmpty() ? new String[0] : arguments.split(" ");

    assertThat(execute(words)).isEqualTo(ExitCode.USAGE);

    assertThat(err.toString()).startsWith("drpo: ").contains(message).doesNotContain("\tat ");
  }

  private int execute(String... arguments) {
    CommandLine command = Drpo.commandLine();
    command.setOut(new PrintWriter(out, true));
    command.setErr(new PrintWriter(err, true));
    return command.execute(arguments);
  }
}
