package dev.drpo.cli.chaos;

import dev.drpo.cli.exit.ExitCode;
import dev.drpo.cli.exit.UsageError;
import dev.drpo.cli.process.Interruption;
import dev.drpo.cli.process.ProcessFailure;
import dev.drpo.cli.run.RunFolder;
import dev.drpo.cli.run.RunPlan;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code drpo chaos}: proves on this machine that no failure changes what a run comes to. */
@Command(
    name = "chaos",
    mixinStandardHelpOptions = true,
    description = {
      "Kill what trains a policy, again and again, and prove that it makes no difference.",
      "Train a small policy strictly on policy with the real services as processes, two rollout and"
          + " two reward replicas, first in calm, then in a storm: processes are killed (the broker"
          + " too, two at once, all at once), stopped and started, hung beyond their leases; weight"
          + " patches are damaged and delayed; clocks jump where libfaketime is installed. Or, by"
          + " --lose-data, the broker comes back without its data. Audit"
          + " from the topics that every group which was sent out was trained exactly once, and"
          + " compare the policies, which have to be equal to the last bit.",
      "The seed fixes the training and the storm's plan, which is printed."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:no violation",
      "1:a violation, or a run that did not start",
      "2:wrong options",
      "130:interrupted"
    })
public final class ChaosCommand implements Callable<Integer> {
  private static final int KILLS_PER_MINUTE = 4;
  private static final double STEPS_PER_KILL = 1.5;
  private static final int LEAST_STEPS = 4;

  private final long started = System.nanoTime();

  @Spec private CommandSpec spec;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "0",
      description = "Seed of the training and of the storm (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--minutes",
      paramLabel = "M",
      defaultValue = "2.5",
      description = {
        "About how long the storm is to last on two cores (default: ${DEFAULT-VALUE}):",
        "four kills a minute, unless --kills says otherwise."
      })
  private double minutes;

  @Option(names = "--kills", paramLabel = "N", description = "Strikes that kill.")
  private Integer kills;

  @Option(
      names = "--steps",
      paramLabel = "N",
      description = "Training steps (default: three for two kills, at least 4).")
  private Integer steps;

  @Option(
      names = "--lose-data",
      split = ",",
      paramLabel = "WHEN",
      description = {
        "Instead of the storm, kill the broker and delete all of its data, once for each of:",
        "evaluating, waiting, learning, publishing, ended."
      })
  private List<String> loseData = List.of();

  @Option(
      names = "--calm",
      paramLabel = "DIR",
      description = "Folder of the calm run of an earlier call with the same seed and steps.")
  private Path calm;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Where both runs lie afterwards (default: a new one, runs/chaos-<time>).")
  private Path out;

  @Option(names = "--json", paramLabel = "FILE", description = "Write the report as JSON, too.")
  private Path json;

  @Override
  public Integer call() throws Exception {
    require(minutes > 0 && minutes <= 1440, "--minutes", minutes, "above 0, and at most 1440");
    int killing = kills == null ? Math.max(1, (int) (minutes * KILLS_PER_MINUTE)) : kills;
    require(killing >= 0 && killing <= 10_000, "--kills", killing, "from 0 to 10000");
    int taken = steps == null ? Math.max(LEAST_STEPS, (int) (killing * STEPS_PER_KILL)) : steps;
    require(taken >= 2 && taken <= 20_000, "--steps", taken, "from 2 to 20000");
    if (kills != null && !loseData.isEmpty()) {
      throw new UsageError("--kills and --lose-data are two storms; give one of them");
    }
    Path root = Path.of(System.getProperty("drpo.root", "")).toAbsolutePath();
    return Interruption.exitCode(() -> run(root, new ChaosTraining(root, seed, taken), killing));
  }

  private static void require(boolean holds, String option, Object value, String allowed) {
    if (!holds) {
      throw new UsageError("%s is %s; it must be %s".formatted(option, value, allowed));
    }
  }

  private int run(Path root, ChaosTraining training, int killing)
      throws IOException, InterruptedException {
    Optional<FakeClock> clock = FakeClock.installed();
    Path folder = folder();
    RunPlan stormy = training.in(folder.resolve("storm"));
    if (calm != null) {
      training.requireSame(stormy.config(), calm);
    }
    StormPlan plan = plan(training, killing, clock.isPresent());
    plan.strikes().forEach(strike -> print(strike.description(ChaosTraining.PROMPTS_PER_STEP)));
    print("");
    try {
      Trial quiet = calm == null ? quiet(root, training, folder) : Trial.earlier(calm);
      say("the storm begins; run folder: " + stormy.folder());
      Trial struck =
          Trial.of(
              stormy.folder().path(),
              new ChaosRun(root, stormy, clock, this::say).through(plan),
              training.steps(),
              ChaosTraining.PROMPTS_PER_STEP);
      return conclude(
          ChaosReport.of(
              plan,
              training.steps(),
              ChaosTraining.PROMPTS_PER_STEP,
              clock.isPresent(),
              quiet,
              struck));
    } catch (ProcessFailure e) {
      say("drpo: " + e.getMessage());
      return ExitCode.FAILED;
    }
  }

  private StormPlan plan(ChaosTraining training, int killing, boolean clocks) {
    if (!loseData.isEmpty()) {
      return StormPlan.ofLosses(
          seed, loseData.stream().map(Moment::named).distinct().sorted().toList());
    }
    return StormPlan.of(
        seed,
        new StormPlan.Scope(
            training.steps() * ChaosTraining.PROMPTS_PER_STEP,
            killing,
            ChaosTraining.HANG,
            clocks));
  }

  private Trial quiet(Path root, ChaosTraining training, Path folder)
      throws IOException, InterruptedException, ProcessFailure {
    RunPlan quiet = training.in(folder.resolve("calm"));
    say("the calm run; run folder: " + quiet.folder());
    return Trial.of(
        quiet.folder().path(),
        new ChaosRun(root, quiet, Optional.empty(), this::say).through(StormPlan.calm()),
        training.steps(),
        ChaosTraining.PROMPTS_PER_STEP);
  }

  private int conclude(ChaosReport report) throws IOException {
    report.table().forEach(this::print);
    if (json != null) {
      report.write(json);
    }
    return report.violations().isEmpty() ? ExitCode.OK : ExitCode.FAILED;
  }

  private Path folder() {
    if (out == null) {
      return RunFolder.fresh(
              Path.of("runs").toAbsolutePath(), "chaos", Clock.system(ZoneId.systemDefault()))
          .path();
    }
    for (String run : new String[] {"calm", "storm"}) {
      if (Files.exists(out.resolve(run)) && (calm == null || !out.resolve(run).equals(calm))) {
        throw new UsageError(
            "--out is %s, where a run '%s' lies already; name another folder".formatted(out, run));
      }
    }
    return out.toAbsolutePath();
  }

  private void say(String line) {
    PrintWriter err = spec.commandLine().getErr();
    err.printf("%4d s  %s%n", Duration.ofNanos(System.nanoTime() - started).toSeconds(), line);
    err.flush();
  }

  private void print(String line) {
    PrintWriter printer = spec.commandLine().getOut();
    printer.println(line);
    printer.flush();
  }
}
