package dev.drpo.cli.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.drpo.cli.exit.ExitCode;
import dev.drpo.cli.quickstart.DrpoProcess;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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

  /**
   * The storm's kills aside, everything is stopped and started, the broker included. Then the same
   * run again, whose broker comes back without its data: what the topics had is no evidence any
   * more, but each step has to learn from the same groups as in calm.
   */
  @Test
  void aRunThroughAStormEndsWithThePolicyOfTheCalmOne() throws Exception {
    JsonNode storm = chaos("chaos", "--kills", String.valueOf(KILLS));
    int groups = STEPS * ChaosTraining.PROMPTS_PER_STEP;
    for (String run : List.of("calm", "storm")) {
      assertThat(storm.at("/" + run + "/dispatched").asInt()).as(run).isEqualTo(groups);
      assertThat(storm.at("/" + run + "/trained").asInt()).as(run).isEqualTo(groups);
      assertThat(storm.at("/" + run + "/lost").asInt(-1)).as(run).isZero();
    }
    assertThat(storm.path("kills").asInt()).isEqualTo(KILLS);
    assertThat(storm.path("restarts").asInt()).isGreaterThanOrEqualTo(Crew.NAMES.size());

    JsonNode loss = chaos("loss", "--lose-data", "learning", "--calm", "chaos/calm");
    assertThat(loss.path("losses").asInt()).isEqualTo(1);
    assertThat(loss.path("strikesMissed").asInt(-1)).isZero();
    assertThat(loss.path("selfEnded").asInt(-1)).isZero();
  }

  /** A storm, whatever it is of, that changes nothing of what a run comes to. */
  private JsonNode chaos(String name, String... options) throws Exception {
    List<String> words = new ArrayList<>(List.of("chaos", "--seed", "5"));
    words.addAll(List.of("--steps", String.valueOf(STEPS)));
    words.addAll(List.of("--out", name, "--json", name + ".json"));
    words.addAll(List.of(options));
    try (DrpoProcess drpo = DrpoProcess.start(folder, words.toArray(String[]::new))) {
      assertThat(drpo.awaitEnd()).as(drpo.output()).isEqualTo(ExitCode.OK);
      assertThat(drpo.survivors()).isEmpty();
    }
    JsonNode report = new ObjectMapper().readTree(folder.resolve(name + ".json").toFile());
    assertThat(report.at("/storm/policyDigest").asText())
        .hasSize(64)
        .isEqualTo(report.at("/calm/policyDigest").asText());
    assertThat(report.path("violations")).isEmpty();
    return report;
  }
}
