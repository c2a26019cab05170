package dev.drpo.planning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drpo.policy.checkpoint.PolicyLayout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CardTest {
  @ParameterizedTest
  @CsvSource({
    "8x80GB,  8,  80, A100-80GB",
    "1X80gb,  1,  80, A100-80GB",
    "4x141GB, 4, 141, H200",
    "2x96GB,  2,  96, A100-80GB",
    "2x48GB,  2,  48, L40S",
    "1x24GB,  1,  24, L4",
    "1x12GB,  1,  12, L4",
  })
  void aSizeStandsForTheSlowestCardThatIsKnownOfIt(
      String text, int count, long gigabytes, String like) {
    Fleet fleet = Fleet.parse(text, 1);
    assertThat(fleet.gpus()).isEqualTo(count);
    assertThat(fleet.card().bytes()).isEqualTo(gigabytes * 1_000_000_000L);
    Card known = Card.of(like).orElseThrow();
    assertThat(fleet.card().flops()).isEqualTo(known.flops());
    assertThat(fleet.card().bytesPerSecond()).isEqualTo(known.bytesPerSecond());
    assertThat(fleet.card().name()).contains(like);
  }

  @Test
  void aNameStandsForItself() {
    assertThat(Fleet.parse("8xh100", 2).card()).isEqualTo(Card.of("H100").orElseThrow());
    assertThat(Fleet.parse("8xH100", 2).allGpus()).isEqualTo(16);
  }

  @ParameterizedTest
  @ValueSource(strings = {"8", "x80GB", "0x80GB", "8xB9000", "8x80", "-1x80GB"})
  void whatIsNoFleetIsRefusedWithWhatIsAllowed(String text) {
    assertThatThrownBy(() -> Fleet.parse(text, 1))
        .isInstanceOf(UnplannableException.class)
        .hasMessageContainingAll("--gpus is " + text, "8x80GB", "H100");
  }

  @ParameterizedTest
  @CsvSource({"R1_1_5B, 1777088000", "R1_7B, 7615616512"})
  void knownPoliciesHaveTheParametersOfTheirPublishers(KnownPolicy policy, long parameters) {
    assertThat(PolicyLayout.of(policy.model()).parameters()).isEqualTo(parameters);
  }

  @Test
  void knownPoliciesAreFoundBySizeAndPreset() {
    assertThat(KnownPolicy.ofSize("1.5b")).contains(KnownPolicy.R1_1_5B);
    assertThat(KnownPolicy.ofSize("policies/7B")).isEmpty();
    assertThat(KnownPolicy.ofPreset("drpo-7b-8k")).contains(KnownPolicy.R1_7B);
    assertThat(KnownPolicy.ofPreset("quickstart")).isEmpty();
  }
}
