package dev.drpo.cli.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drpo.cli.exit.UsageError;
import dev.drpo.runtime.config.ConfigLoader;
import dev.drpo.runtime.process.HeapNeeds;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HeapsTest {
  private static final long PLENTY = 64L << 30;

  @TempDir Path folder;
  private Path policy;

  @BeforeEach
  void prepare() throws IOException {
    policy = Repository.in(folder).root().resolve("datasets/quickstart/policy");
  }

  @Test
  void heapsFollowTheConfiguration() {
    RunPlan small = plan("256");
    RunPlan large = plan("8192");
    assertThat(Heaps.of(small, PLENTY))
        .isEqualTo(
            new Heaps(
                HeapNeeds.learner(small.config()).limit(),
                HeapNeeds.rollout(small.config()).limit()));
    assertThat(Heaps.of(large, PLENTY).learner()).isGreaterThan(Heaps.of(small, PLENTY).learner());
  }

  @Test
  void theLearnersHeapIsWhatTheMachineHasLeftAndNoLessThanItNeeds() {
    RunPlan plan = plan("8192");
    MemoryNeeds needs = MemoryNeeds.of(plan);
    long others = needs.learner() + needs.rollouts() + 2 * HeapNeeds.rollout(plan.config()).limit();
    long least = HeapNeeds.leastOfLearner(plan.config()).limit();

    assertThat(Heaps.of(plan, others + least + 7).learner()).isEqualTo(least + 7);
    assertThatThrownBy(() -> Heaps.of(plan, others + least - 1))
        .isInstanceOf(UsageError.class)
        .hasMessageContaining("does not fit into this machine's memory")
        .hasMessageContaining("Java heaps of 2 rollout replicas")
        .hasMessageContaining("available; start fewer replicas");
  }

  private RunPlan plan(String responseTokens) {
    return new RunPlan(
        new RunFolder(folder.resolve("run")),
        ConfigLoader.load(
            null,
            Map.of(),
            Map.of(
                "policy.path", policy.toString(), "sampling.max-response-tokens", responseTokens)),
        2);
  }
}
