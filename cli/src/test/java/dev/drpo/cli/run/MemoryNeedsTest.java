package dev.drpo.cli.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drpo.cli.exit.UsageError;
import dev.drpo.runtime.config.ConfigLoader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MemoryNeedsTest {
  @TempDir Path folder;
  private Path policy;

  @BeforeEach
  void prepare() throws IOException {
    policy = Repository.in(folder).root().resolve("datasets/quickstart/policy");
  }

  @Test
  void theLearnerKeepsFourNumbersForEachParameterAndEveryReplicaItsOwnShare() {
    long parameters = PolicyWeights.parameters(policy);
    MemoryNeeds one = MemoryNeeds.of(plan(1, Map.of()));
    MemoryNeeds three = MemoryNeeds.of(plan(3, Map.of()));

    assertThat(one.learner()).isEqualTo(16 * parameters);
    assertThat(three.learner()).isEqualTo(one.learner());
    assertThat(one.rollouts()).isGreaterThan(2 * 4 * parameters);
    assertThat(three.rollouts()).isEqualTo(3 * one.rollouts());
  }

  @Test
  void whatLiesOnAGpuIsNotCounted() {
    MemoryNeeds needs =
        MemoryNeeds.of(
            plan(
                1,
                Map.of(
                    "training.devices", "cuda:0",
                    "training.compute", "bfloat16",
                    "rollout.devices", "cuda",
                    "rollout.compute", "bfloat16")));
    assertThat(needs).isEqualTo(new MemoryNeeds(0, 0));
  }

  @Test
  void aPolicyThatDoesNotFitIsRefusedWithWhatItNeedsAndWhatThereIs() {
    MemoryNeeds needs = new MemoryNeeds(3L << 30, 2L << 30);
    assertThatCode(() -> needs.requireFits(plan(2, Map.of()), 5L << 30)).doesNotThrowAnyException();
    assertThatThrownBy(() -> needs.requireFits(plan(2, Map.of()), (5L << 30) - 1))
        .isInstanceOf(UsageError.class)
        .hasMessageContaining(policy.toString())
        .hasMessageContaining("the learner needs at least 3.0 GiB")
        .hasMessageContaining("2 rollout replicas 2.0 GiB")
        .hasMessageContaining("5.0 GiB are available; take a smaller policy");
  }

  private RunPlan plan(int rollouts, Map<String, String> settings) {
    Map<String, String> overrides = new HashMap<>(settings);
    overrides.put("policy.path", policy.toString());
    return new RunPlan(
        new RunFolder(folder.resolve("run")),
        ConfigLoader.load(null, Map.of(), overrides),
        rollouts);
  }
}
