package dev.drpo.cli.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drpo.cli.exit.ExitCode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;

/** kill -9 of the real services in the middle of a run. */
@Timeout(value = 10, unit = TimeUnit.MINUTES, threadMode = ThreadMode.SEPARATE_THREAD)
class ProcessDeathIT {
  private static final int STEPS = 4;

  @TempDir Path folder;
  private Path config;
  private Path out;

  @BeforeEach
  void configure() throws IOException {
    config = SmallRun.write(folder);
    out = folder.resolve("run");
  }

  @Test
  void killingReplicasAndTheLearnerAndResumingTrainsEveryGroupOnce() throws Exception {
    try (DrpoProcess drpo = start(2)) {
      drpo.awaitLine(line -> line.startsWith("step 1/4"));
      ProcessHandle rollout = drpo.running("rollout-service").getFirst();
      ReplicaMetrics.of(out.resolve("logs/rollout-1.log")).awaitLiveResponses();

      rollout.destroyForcibly();
      drpo.awaitLine(line -> line.startsWith("step 2/4"));
      drpo.running("reward-service").getFirst().destroyForcibly();
      drpo.awaitLine(line -> line.startsWith("step 3/4"));
      drpo.running("learner-service").getFirst().destroyForcibly();

      assertThat(drpo.awaitEnd()).isEqualTo(ExitCode.FAILED);
      assertThat(drpo.output())
          .contains("rollout-1 ended unexpectedly (exit code 137); restarting")
          .contains("reward ended unexpectedly (exit code 137); restarting")
          .contains("learner ended unexpectedly (exit code 137)")
          .contains("logs:   " + out.resolve("logs"))
          .contains("resume: ./drpo quickstart --resume --out " + out);
      assertThat(drpo.survivors()).isEmpty();
    }
    try (DrpoProcess resumed =
        DrpoProcess.start(folder, "quickstart", "--resume", "--out", out.toString())) {
      assertThat(resumed.awaitEnd()).as(resumed.output()).isEqualTo(ExitCode.OK);
    }
    assertEveryGroupIsTrainedOnce();
  }

  private DrpoProcess start(int rollouts) throws IOException {
    return DrpoProcess.start(
        folder,
        "quickstart",
        "--config",
        config.toString(),
        "--out",
        out.toString(),
        "--steps",
        String.valueOf(STEPS),
        "--rollouts",
        String.valueOf(rollouts));
  }

  private void assertEveryGroupIsTrainedOnce() throws IOException {
    FinishedRun run = new FinishedRun(out);
    assertThat(run.groups("trained")).isEqualTo(STEPS * SmallRun.PROMPTS_PER_STEP);
    assertThat(run.groups("scored")).isEqualTo(STEPS * SmallRun.PROMPTS_PER_STEP);
    assertThat(run.groups("deadLetters")).isZero();
    assertThat(run.steps()).containsExactly(1L, 2L, 3L, 4L);
  }
}
