package dev.drpo.reward;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drpo.proto.records.v1.Outcome;
import dev.drpo.proto.records.v1.Verdict;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

class RewardMetersTest {
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final RewardMeters meters = new RewardMeters(registry);

  @Test
  void everyMeterCarriesItsDefinition() {
    recordEverything();
    assertThat(registry.getMeters())
        .isNotEmpty()
        .allSatisfy(meter -> assertThat(meter.getId().getDescription()).isNotBlank())
        .extracting(meter -> meter.getId().getName())
        .contains(
            "drpo.reward.verdicts",
            "drpo.reward.truncated",
            "drpo.reward.judge",
            "drpo.reward.judge.steps",
            "drpo.reward.groups",
            "drpo.reward.responses",
            "drpo.reward.waits",
            "drpo.reward.component");
  }

  @Test
  void verdictsAreToldApartByOutcomeAndRule() {
    recordEverything();
    assertThat(
            registry
                .get("drpo.reward.verdicts")
                .tags("outcome", "NO_ANSWER", "rule", "no-box")
                .counter()
                .count())
        .isEqualTo(1);
    assertThat(registry.get("drpo.reward.judge.steps").summary().totalAmount()).isEqualTo(70);
    assertThat(registry.get("drpo.reward.responses").counter().count()).isEqualTo(8);
  }

  private void recordEverything() {
    meters.judged(
        Verdict.newBuilder()
            .setOutcome(Outcome.OUTCOME_NO_ANSWER)
            .setRule("no-box")
            .setSteps(70)
            .setTruncated(true)
            .build(),
        1_000);
    meters.component("format", 0);
    meters.published(8);
    meters.waited();
  }
}
