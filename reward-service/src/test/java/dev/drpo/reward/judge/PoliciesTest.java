package dev.drpo.reward.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PoliciesTest {

  @ParameterizedTest
  @EnumSource
  void everyOptionCanBeChosenByName(Policy.Option option) {
    Policies chosen = Policies.DEFAULT.with(Map.of(option.policy().id(), option.id()));
    for (Policy.Option other : option.policy().options()) {
      assertThat(chosen.has(other)).isEqualTo(other == option);
    }
  }

  @Test
  void namedPoliciesReplaceTheDefaultsAndLeaveTheRest() {
    Policies chosen = Policies.DEFAULT.with(Map.of("percent", "typed", "require-think", "false"));
    assertThat(chosen)
        .hasToString(
            "require-think=false percent=typed units=optional currency=optional"
                + " assignments=accepted decimals=rounded fractions=any bases=required"
                + " order=by-kind letters=ignore-case boxes=last alternatives=list");
  }

  @Test
  void unknownNamesAndValuesAreRefusedWithWhatIsAllowed() {
    assertThatThrownBy(() -> Policies.DEFAULT.with(Map.of("precent", "typed")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("precent")
        .hasMessageContaining("require-think, percent, units, currency");
    assertThatThrownBy(() -> Policies.DEFAULT.with(Map.of("percent", "TYPED")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'TYPED'; it must be one of lenient, typed");
    assertThatThrownBy(() -> Policies.DEFAULT.with(Map.of("require-think", "yes")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("true, false");
  }
}
