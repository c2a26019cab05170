package dev.drpo.learner.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.drpo.learner.step.Outcome;
import dev.drpo.learner.step.TrainingGroup;
import dev.drpo.policy.checkpoint.PolicyDigest;
import dev.drpo.policy.checkpoint.PolicyVersion;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SkippedUpdatesTest {
  private static final Outcome APPLIED = new Outcome.Applied(1);

  private static final PolicyVersion VERSION =
      new PolicyVersion(3, new PolicyDigest("ab".repeat(32)));

  @TempDir Path folder;

  @Test
  void aRunSurvivesAsManySkippedUpdatesInARowAsItAllows() throws IOException {
    SkippedUpdates skipped = new SkippedUpdates(2, folder);
    for (int round = 0; round < 5; round++) {
      skipped.note(round, 1, skip("a"));
      skipped.note(round, 2, skip("b"));
      skipped.note(round, 3, APPLIED);
    }
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void oneMoreStopsItNamesTheGroupsAndSavesThem() throws IOException {
    SkippedUpdates skipped = new SkippedUpdates(1, folder);
    skipped.note(6, 4, skip("a"));
    Path file = folder.resolve("skipped-updates-00000007.json");

    assertThatThrownBy(() -> skipped.note(7, 1, skip("b")))
        .isInstanceOf(RunFailure.class)
        .hasMessageContainingAll("2 updates in a row", "step 7", "it is NaN", "groups b")
        .hasMessageContaining(file.toString());

    JsonNode saved = new ObjectMapper().readTree(file.toFile());
    assertThat(saved).hasSize(2);
    assertThat(saved.at("/0/step").asInt()).isEqualTo(6);
    assertThat(saved.at("/0/miniBatch").asInt()).isEqualTo(4);
    assertThat(saved.at("/0/groups/0/prompt").asText()).isEqualTo("a");
    assertThat(saved.at("/1/groups/0/samples/0/tokens/1").asInt()).isEqualTo(4);
    assertThat(saved.at("/1/groups/0/samples/0/sampledBy/step").asInt()).isEqualTo(3);
    assertThat(saved.at("/1/groups/0/samples/0/logProbabilities/0").asText()).isEqualTo("NaN");
  }

  @Test
  void withoutAllowanceTheFirstOneStops() {
    assertThatThrownBy(() -> new SkippedUpdates(0, folder).note(1, 1, skip("a")))
        .isInstanceOf(RunFailure.class);
  }

  private static Outcome skip(String prompt) {
    return new Outcome.Skipped(
        "it is NaN",
        List.of(
            new TrainingGroup(
                prompt,
                new int[] {1},
                List.of(
                    new TrainingGroup.Sample(
                        new int[] {3, 4}, new float[] {Float.NaN, -1}, true, 1, false, VERSION)))));
  }
}
