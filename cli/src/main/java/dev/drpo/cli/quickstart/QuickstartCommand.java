package dev.drpo.cli.quickstart;

import dev.drpo.cli.train.LocalTraining;
import dev.drpo.cli.train.RunOptions;
import dev.drpo.cli.train.TrainOptions;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code drpo quickstart}: {@code drpo train} with its own preset and task. */
@Command(
    name = "quickstart",
    mixinStandardHelpOptions = true,
    description = {
      "Train a small policy on arithmetic puzzles with the real services, on this machine.",
      "Start a Kafka broker and the reward, rollout and learner services as separate processes,"
          + " show the progress, stop them all, and leave a report."
    },
    footer = {
      "",
      "Exit codes: 0 completed, 1 the run failed, 2 wrong options or configuration, 130"
          + " interrupted."
    })
public final class QuickstartCommand implements Callable<Integer> {
  @Mixin private RunOptions run;

  @Option(names = "--steps", paramLabel = "N", description = "Training steps.")
  private Integer steps;

  @Option(names = "--seed", paramLabel = "N", description = "Seed of everything that is random.")
  private Long seed;

  @Option(
      names = "--objective",
      paramLabel = "NAME",
      description =
          "What the learner maximises: drpo, disco, grpo or another; see docs/objectives.md.")
  private String objective;

  @Option(
      names = "--lambda",
      paramLabel = "X",
      description =
          "Temperature of DRPO's length reward: smaller is shorter; Infinity ignores length.")
  private Double lambda;

  @Option(names = "--resume", description = "Go on with the run in --out from its last checkpoint.")
  private boolean resume;

  @Override
  public Integer call() throws Exception {
    return LocalTraining.run(
        TrainOptions.quickstart(run.config(), run.out(), overrides(), run.rollouts(), resume),
        run.open());
  }

  private Map<String, String> overrides() {
    Map<String, String> overrides = new LinkedHashMap<>();
    put(overrides, "training.steps", steps);
    put(overrides, "run.seed", seed);
    put(overrides, "objective.name", objective);
    put(overrides, "objective.lambda", lambda);
    return overrides;
  }

  private static void put(Map<String, String> overrides, String key, Object value) {
    if (value != null) {
      overrides.put(key, value.toString());
    }
  }
}
