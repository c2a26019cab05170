package dev.drpo.cli.bench;

import dev.drpo.benchmarks.judge.JudgeBench;
import dev.drpo.cli.exit.ExitCode;
import dev.drpo.cli.exit.UsageError;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code drpo bench judge}: speed and latency of the judge. */
@Command(
    name = "judge",
    mixinStandardHelpOptions = true,
    description = {
      "Measure the judge on one thread.",
      "Over a mix of responses in the answer forms and frequencies of the public math sets, one"
          + " half of them right in another spelling, and over a hostile set: power towers,"
          + " factorials, deep nesting, kilobytes of answer, megabytes of response, code.",
      "A missed target is shown, and is no failure of the command."
    })
final class BenchJudgeCommand implements Callable<Integer> {
  private static final int MAX_SECONDS = 3600;

  @Spec private CommandSpec spec;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "0",
      description = "Seed of the mix (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--responses",
      paramLabel = "N",
      defaultValue = "20000",
      description = "Different responses in the mix (default: ${DEFAULT-VALUE}).")
  private int responses;

  @Option(
      names = "--warm-up",
      paramLabel = "SECONDS",
      defaultValue = "10",
      description =
          "Time over the mix before anything is measured, so that the code is compiled (default:"
              + " ${DEFAULT-VALUE}).")
  private int warmUpSeconds;

  @Option(
      names = "--seconds",
      paramLabel = "SECONDS",
      defaultValue = "10",
      description = "Time over the mix, and over the hostile set (default: ${DEFAULT-VALUE}).")
  private int seconds;

  @Override
  public Integer call() {
    requireBetween("--responses", responses, 1, 100_000);
    requireBetween("--warm-up", warmUpSeconds, 0, MAX_SECONDS);
    requireBetween("--seconds", seconds, 1, MAX_SECONDS);
    PrintWriter err = spec.commandLine().getErr();
    JudgeBench bench =
        new JudgeBench(
            seed, responses, Duration.ofSeconds(warmUpSeconds), Duration.ofSeconds(seconds));
    PrintWriter out = spec.commandLine().getOut();
    bench
        .run(
            line -> {
              err.println(line);
              err.flush();
            })
        .forEach(out::println);
    out.flush();
    return ExitCode.OK;
  }

  private static void requireBetween(String option, int value, int least, int most) {
    if (value < least || value > most) {
      throw new UsageError(
          "%s is %d; it must be from %d to %d".formatted(option, value, least, most));
    }
  }
}
