package dev.drpo.cli.rehearse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drpo.cli.exit.ExitCode;
import dev.drpo.cli.quickstart.DrpoProcess;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;

/** The rehearsal through the packaged services, at a width that takes seconds. */
@Timeout(value = 5, unit = TimeUnit.MINUTES, threadMode = ThreadMode.SEPARATE_THREAD)
class RehearseIT {
  @TempDir private Path folder;

  @Test
  void itTrainsGoesOnAndTellsTimeAndMemory() throws Exception {
    try (DrpoProcess drpo =
        DrpoProcess.start(folder, "rehearse", "--shape", "tiny", "--out", "rehearsal")) {
      assertThat(drpo.awaitEnd()).as(drpo.output()).isEqualTo(ExitCode.OK);
      assertThat(drpo.survivors()).isEmpty();

      assertThat(drpo.output())
          .containsPattern("2 steps, evaluations before and after +\\d+\\.\\d s")
          .containsPattern("one step more, from the checkpoint +\\d+\\.\\d s")
          .contains("step 1: ", "step 2: ", "step 3: ")
          .containsPattern("learner-service +\\d\\.\\d\\d GB +\\d\\.\\d\\d GB +\\d\\.\\d\\d GB")
          .containsPattern("rollout-service +\\d\\.\\d\\d GB +\\d\\.\\d\\d GB +\\d\\.\\d\\d GB");
    }

    try (DrpoProcess again =
        DrpoProcess.start(folder, "rehearse", "--shape", "tiny", "--out", "rehearsal")) {
      assertThat(again.awaitEnd()).isEqualTo(ExitCode.USAGE);
      assertThat(again.output()).contains("rehearsal is not empty; name another with --out");
    }
  }
}
