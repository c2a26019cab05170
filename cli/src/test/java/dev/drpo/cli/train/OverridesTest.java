package dev.drpo.cli.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drpo.cli.exit.UsageError;
import java.util.List;
import org.junit.jupiter.api.Test;

class OverridesTest {
  @Test
  void aValueMayHoldAnEqualsSignOrNothing() {
    assertThat(Overrides.of(List.of("data.train=a=b.jsonl", "reward.conventions=")))
        .containsEntry("data.train", "a=b.jsonl")
        .containsEntry("reward.conventions", "");
  }

  @Test
  void whatIsNoOverrideIsRefused() {
    assertThatThrownBy(() -> Overrides.of(List.of("my.yaml")))
        .isInstanceOf(UsageError.class)
        .hasMessageContaining("'my.yaml' is no key=value")
        .hasMessageContaining("--config");
    assertThatThrownBy(() -> Overrides.of(List.of("=1"))).isInstanceOf(UsageError.class);
    assertThatThrownBy(() -> Overrides.of(List.of("run.seed=1", "run.seed=2")))
        .hasMessageContaining("run.seed is given twice");
  }
}
