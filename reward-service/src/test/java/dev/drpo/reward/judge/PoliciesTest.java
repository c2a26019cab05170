package dev.drpo.reward.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class PoliciesTest {

  @Test
  void namedPoliciesReplaceTheDefaultsAndLeaveTheRest() {
    assertThat(Policies.DEFAULT.with(Map.of("percent", "typed", "require-think", "false")))
        .isEqualTo(
            new Policies(
                Policies.Think.OPTIONAL,
                Policies.Decimals.ROUNDED,
                Policies.Percent.TYPED,
                Policies.Currency.OPTIONAL));
  }

  @Test
  void unknownNamesAndValuesAreRefusedWithWhatIsAllowed() {
    assertThatThrownBy(() -> Policies.DEFAULT.with(Map.of("precent", "typed")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("precent")
        .hasMessageContaining("require-think, decimals, percent and currency");
    assertThatThrownBy(() -> Policies.DEFAULT.with(Map.of("percent", "TYPED")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'TYPED'; it must be one of lenient, typed");
    assertThatThrownBy(() -> Policies.DEFAULT.with(Map.of("require-think", "yes")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("true or false");
  }
}
