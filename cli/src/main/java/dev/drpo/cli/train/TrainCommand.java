package dev.drpo.cli.train;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code drpo train}: a configuration in, a trained policy out. */
@Command(
    name = "train",
    mixinStandardHelpOptions = true,
    description = {
      "Train a policy on a data set, both named by a configuration.",
      "Start the reward, rollout and learner services on this machine, and a Kafka broker unless"
          + " one is given; show the progress, stop them all, and leave the trained policy and"
          + " a report in the run folder. Called again on the same folder, it goes on with the run"
          + " from its last checkpoint, without --config as it was configured.",
      "See docs/training.md for the data format and an example."
    },
    footer = {
      "",
      "Exit codes: 0 completed, 1 the run failed, 2 wrong options or configuration, 130"
          + " interrupted."
    })
public final class TrainCommand implements Callable<Integer> {
  @Mixin private RunOptions run;

  @Option(
      names = "--preset",
      paramLabel = "NAME",
      description =
          "Values to start from: quickstart, drpo-1.5b-8k or drpo-7b-8k (default: what the"
              + " configuration names).")
  private String preset;

  @Option(
      names = "--broker",
      paramLabel = "HOST:PORT",
      description =
          "Kafka broker to use, 4.3 or newer (default: kafka.bootstrap-servers if it is set, else"
              + " one of the run's own).")
  private String broker;

  @Parameters(
      arity = "0..*",
      paramLabel = "KEY=VALUE",
      description = "Keys of the configuration, such as objective.lambda=0.2; they win.")
  private List<String> overrides = new ArrayList<>();

  @Override
  public Integer call() throws Exception {
    return LocalTraining.run(
        new TrainOptions(
            TrainOptions.Command.TRAIN,
            run.config(),
            Optional.ofNullable(preset),
            run.out(),
            Optional.ofNullable(broker),
            Overrides.of(overrides),
            run.rollouts()),
        run.open());
  }
}
