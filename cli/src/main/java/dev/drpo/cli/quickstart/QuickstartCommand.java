package dev.drpo.cli.quickstart;

import dev.drpo.cli.exit.UsageError;
import dev.drpo.cli.progress.Progress;
import dev.drpo.cli.run.InstalledServices;
import dev.drpo.cli.run.LocalRun;
import dev.drpo.cli.run.RunClaim;
import dev.drpo.cli.run.RunPlan;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code drpo quickstart}: options in, run out. */
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
      "Exit codes: 0 completed, 1 the run failed, 2 wrong options or configuration, 130 interrupted."
    })
public final class QuickstartCommand implements Callable<Integer> {
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

  @Option(
      names = "--rollouts",
      paramLabel = "N",
      defaultValue = "1",
      description = "Rollout replicas (default: ${DEFAULT-VALUE}).")
  private int rollouts;

  @Option(
      names = "--config",
      paramLabel = "YAML",
      description = {
        "File with any other key of the configuration.",
        "A path in it is relative to the current directory."
      })
  private Path config;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Run folder (default: a new one, runs/quickstart-<time>).")
  private Path out;

  @Option(names = "--resume", description = "Go on with the run in --out from its last checkpoint.")
  private boolean resume;

  @Override
  public Integer call() throws Exception {
    Path root = Path.of(System.getProperty("drpo.root", "")).toAbsolutePath();
    RunPlan plan =
        new Planning(
                root,
                Path.of("").toAbsolutePath(),
                System.getenv(),
                Clock.system(ZoneId.systemDefault()))
            .plan(options());
    InstalledServices services = InstalledServices.under(root, plan, System.getenv());
    try (RunClaim _ = RunClaim.of(plan);
        Progress progress = Progress.onStandardOutput()) {
      return new LocalRun(
              plan,
              services,
              progress,
              System.err,
              Clock.systemUTC(),
              "./drpo quickstart --resume --out " + plan.folder())
          .run();
    }
  }

  private QuickstartOptions options() {
    if (rollouts < 1) {
      throw new UsageError("--rollouts is " + rollouts + "; it must be 1 or more");
    }
    Map<String, String> overrides = new LinkedHashMap<>();
    put(overrides, "training.steps", steps);
    put(overrides, "run.seed", seed);
    put(overrides, "objective.name", objective);
    put(overrides, "objective.lambda", lambda);
    return new QuickstartOptions(
        Optional.ofNullable(out), Optional.ofNullable(config), overrides, rollouts, resume);
  }

  private static void put(Map<String, String> overrides, String key, Object value) {
    if (value != null) {
      overrides.put(key, value.toString());
    }
  }
}
