package dev.drpo.cli.train;

import dev.drpo.cli.dashboard.Browser;
import dev.drpo.cli.progress.Progress;
import dev.drpo.cli.run.InstalledServices;
import dev.drpo.cli.run.LocalRun;
import dev.drpo.cli.run.Machine;
import dev.drpo.cli.run.RunChecks;
import dev.drpo.cli.run.RunClaim;
import dev.drpo.cli.run.RunPlan;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneId;
import java.util.Optional;

/** From what the user asked for to the end of the run: what every command does which trains. */
public final class LocalTraining {
  private LocalTraining() {}

  /**
   * Plans the run, starts it and follows it.
   *
   * @return the command's exit code
   */
  public static int run(TrainOptions options) throws Exception {
    return run(options, false);
  }

  /**
   * The same.
   *
   * @param open whether the run's page is opened in the browser
   * @return the command's exit code
   */
  public static int run(TrainOptions options, boolean open) throws Exception {
    Path root = Path.of(System.getProperty("drpo.root", "")).toAbsolutePath();
    RunPlan plan =
        new TrainPlanning(
                root,
                Path.of("").toAbsolutePath(),
                System.getenv(),
                Clock.system(ZoneId.systemDefault()),
                Machine.here())
            .plan(options);
    InstalledServices services = InstalledServices.under(root, plan, System.getenv());
    GivenBroker.check(plan);
    Optional<Earlier> earlier =
        plan.folder().holdsRun() ? Optional.of(Earlier.in(plan.folder())) : Optional.empty();
    try (RunClaim _ = RunClaim.of(plan);
        Progress progress = Progress.onStandardOutput()) {
      earlier.ifPresent(run -> tell(run, plan, progress));
      RunChecks.warnings(plan).forEach(progress::notice);
      return new LocalRun(
              plan,
              services,
              progress,
              System.err,
              Clock.systemUTC(),
              options.command().resuming(plan.folder().toString()),
              open ? page -> Browser.open(page, progress::notice) : _ -> {})
          .run();
    }
  }

  private static void tell(Earlier earlier, RunPlan plan, Progress progress) {
    progress.notice("going on with the run in " + plan.folder());
    earlier.changes(plan.config()).forEach(change -> progress.notice("  changed: " + change));
  }
}
