package dev.drpo.cli.train;

import dev.drpo.cli.exit.UsageError;
import dev.drpo.cli.progress.Progress;
import dev.drpo.cli.run.InstalledServices;
import dev.drpo.cli.run.LocalRun;
import dev.drpo.cli.run.RunClaim;
import dev.drpo.cli.run.RunPlan;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
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
          + " from its last checkpoint.",
      "See docs/training.md for the data format and an example."
    },
    footer = {
      "",
      "Exit codes: 0 completed, 1 the run failed, 2 wrong options or configuration, 130 interrupted."
    })
public final class TrainCommand implements Callable<Integer> {
  @Option(
      names = "--config",
      paramLabel = "YAML",
      description = {
        "File with the keys that differ from the defaults (left out: those of the run in --out).",
        "A path in it is relative to the current directory."
      })
  private Path config;

  @Option(
      names = "--preset",
      paramLabel = "NAME",
      description =
          "Values to start from: quickstart, drpo-1.5b-8k or drpo-7b-8k (default: what the"
              + " configuration names).")
  private String preset;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description =
          "Run folder (default: run.directory if it is set, else a new one, runs/<run.id>-<time>).")
  private Path out;

  @Option(
      names = "--broker",
      paramLabel = "HOST:PORT",
      description =
          "Kafka broker to use (default: kafka.bootstrap-servers if it is set, else one of the"
              + " run's own).")
  private String broker;

  @Option(
      names = {"--rollouts", "--replicas"},
      paramLabel = "N",
      defaultValue = "1",
      description = "Rollout replicas on this machine (default: ${DEFAULT-VALUE}).")
  private int rollouts;

  @Parameters(
      arity = "0..*",
      paramLabel = "KEY=VALUE",
      description = "Keys of the configuration, such as objective.lambda=0.2; they win.")
  private List<String> overrides = new ArrayList<>();

  @Override
  public Integer call() throws Exception {
    Path root = Path.of(System.getProperty("drpo.root", "")).toAbsolutePath();
    RunPlan plan =
        new TrainPlanning(
                root,
                Path.of("").toAbsolutePath(),
                System.getenv(),
                Clock.system(ZoneId.systemDefault()))
            .plan(options());
    InstalledServices services = InstalledServices.under(root, plan, System.getenv());
    GivenBroker.check(plan);
    Optional<Earlier> earlier =
        plan.folder().holdsRun() ? Optional.of(Earlier.in(plan.folder())) : Optional.empty();
    try (RunClaim _ = RunClaim.of(plan);
        Progress progress = Progress.onStandardOutput()) {
      earlier.ifPresent(run -> tell(run, plan, progress));
      return new LocalRun(
              plan,
              services,
              progress,
              System.err,
              Clock.systemUTC(),
              "./drpo train --out " + plan.folder())
          .run();
    }
  }

  private TrainOptions options() {
    if (rollouts < 1) {
      throw new UsageError("--rollouts is " + rollouts + "; it must be 1 or more");
    }
    return new TrainOptions(
        Optional.ofNullable(config),
        Optional.ofNullable(preset),
        Optional.ofNullable(out),
        Optional.ofNullable(broker),
        Overrides.of(overrides),
        rollouts);
  }

  private static void tell(Earlier earlier, RunPlan plan, Progress progress) {
    progress.notice("going on with the run in " + plan.folder());
    earlier.changes(plan.config()).forEach(change -> progress.notice("  changed: " + change));
  }
}
