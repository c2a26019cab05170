package dev.drpo.judge.convention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ConventionsTest {

  @ParameterizedTest
  @EnumSource
  void everyOptionCanBeChosenByName(Convention.Option option) {
    Conventions chosen = Conventions.DEFAULT.with(Map.of(option.convention().id(), option.id()));
    for (Convention.Option other : option.convention().options()) {
      assertThat(chosen.has(other)).isEqualTo(other == option);
    }
  }

  @Test
  void namedConventionsReplaceTheDefaultsAndLeaveTheRest() {
    Conventions chosen =
        Conventions.DEFAULT.with(Map.of("percent", "typed", "require-think", "false"));
    assertThat(chosen)
        .hasToString(
            "require-think=false percent=typed units=optional currency=optional"
                + " assignments=accepted decimals=rounded fractions=any bases=required"
                + " order=by-kind letters=ignore-case boxes=last alternatives=list reasoning=think"
                + " extraction=boxed");
  }

  @Test
  void whatDiffersFromTheDefaultsGivesTheSameConventionsAgain() {
    assertThat(Conventions.DEFAULT.changes()).isEmpty();
    Map<String, String> named = Map.of("percent", "typed", "require-think", "false");
    Conventions chosen = Conventions.DEFAULT.with(named).with(Map.of("units", "optional"));
    assertThat(chosen.changes()).isEqualTo(named);
  }

  @ParameterizedTest
  @EnumSource
  void profilesAreChosenByNameAndChangedByWhatElseIsNamed(Profile profile) {
    Map<String, String> named = Map.of("profile", profile.id());
    assertThat(Conventions.DEFAULT.with(named)).isEqualTo(profile.conventions());
    Conventions changed =
        Conventions.DEFAULT.with(Map.of("percent", "typed", "profile", profile.id()));
    assertThat(changed).isEqualTo(profile.conventions().with(Convention.Option.PERCENT_TYPED));
  }

  @Test
  void unknownProfilesAreRefusedWithWhatIsAllowed() {
    assertThatThrownBy(() -> Conventions.DEFAULT.with(Map.of("profile", "lax")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'lax'; it must be one of strict, default, math-verify, deepscaler");
  }

  @Test
  void unknownNamesAndValuesAreRefusedWithWhatIsAllowed() {
    assertThatThrownBy(() -> Conventions.DEFAULT.with(Map.of("precent", "typed")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("precent")
        .hasMessageContaining("require-think, percent, units, currency");
    assertThatThrownBy(() -> Conventions.DEFAULT.with(Map.of("percent", "TYPED")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'TYPED'; it must be one of lenient, typed");
    assertThatThrownBy(() -> Conventions.DEFAULT.with(Map.of("require-think", "yes")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("true, false");
  }
}
