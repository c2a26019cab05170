package dev.drpo.cli.run;

import dev.drpo.cli.progress.Progress;
import dev.drpo.runtime.config.ConfigLoader;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;

/** A run of two rollout replicas whose services are fakes. */
public final class FakeRun {
  private FakeRun() {}

  /** Arguments: the run folder, and the learner's behaviour. */
  public static void main(String[] arguments) throws Exception {
    System.exit(run(Path.of(arguments[0]), arguments[1], System.out));
  }

  static int run(Path out, String behaviour, PrintStream lines) throws Exception {
    RunFolder folder = new RunFolder(out);
    RunPlan plan =
        new RunPlan(
            folder, ConfigLoader.load(null, Map.of("DRPO_PRESET", "quickstart"), Map.of()), 2);
    try (RunClaim _ = RunClaim.of(plan);
        Progress progress = Progress.on(lines, false, Map.of())) {
      return new LocalRun(
              plan,
              new FakeServices(folder, behaviour),
              progress,
              lines,
              Clock.systemUTC(),
              "./drpo go-on " + folder,
              page -> lines.println("watched at " + page))
          .run();
    }
  }
}
