package dev.drpo.cli.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.drpo.cli.exit.ExitCode;
import dev.drpo.cli.quickstart.DrpoProcess;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;

/** A short storm over the packaged services, with everything in it that may befall a run. */
@Timeout(value = 15, unit = TimeUnit.MINUTES, threadMode = ThreadMode.SEPARATE_THREAD)
class ChaosIT {
  private static final int STEPS = 4;
  private static final int KILLS = 3;

  @TempDir Path folder;

  /** The storm's kills aside, everything is stopped and started, the broker included. */
  @Test
  void aRunThroughAStormEndsWithThePolicyOfTheCalmOne() throws Exception {
    try (DrpoProcess drpo =
        DrpoProcess.start(
            folder,
            "chaos",
            "--seed",
            "5",
            "--kills",
            String.valueOf(KILLS),
            "--steps",
            String.valueOf(STEPS),
            "--out",
            "chaos",
            "--json",
            "chaos.json")) {
      assertThat(drpo.awaitEnd()).as(drpo.output()).isEqualTo(ExitCode.OK);
      assertThat(drpo.survivors()).isEmpty();
    }
    JsonNode report = new ObjectMapper().readTree(folder.resolve("chaos.json").toFile());
    int groups = STEPS * ChaosTraining.PROMPTS_PER_STEP;
    for (String run : new String[] {"calm", "storm"}) {
      assertThat(report.at("/" + run + "/dispatched").asInt()).as(run).isEqualTo(groups);
      assertThat(report.at("/" + run + "/trained").asInt()).as(run).isEqualTo(groups);
      assertThat(report.at("/" + run + "/lost").asInt(-1)).as(run).isZero();
    }
    assertThat(report.path("kills").asInt()).isEqualTo(KILLS);
    assertThat(report.path("restarts").asInt()).isGreaterThanOrEqualTo(Crew.NAMES.size());
    assertThat(report.at("/storm/policyDigest").asText())
        .hasSize(64)
        .isEqualTo(report.at("/calm/policyDigest").asText());
    assertThat(report.path("violations")).isEmpty();
  }
}
