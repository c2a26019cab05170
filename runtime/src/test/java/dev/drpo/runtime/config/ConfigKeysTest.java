package dev.drpo.runtime.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drpo.objectives.Option;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigKeysTest {
  private static final String NOTHING = "-1";

  @Test
  void theKeysAreThoseThatAConfigurationIsWrittenWith() {
    assertThat(ConfigKeys.all().stream().map(ConfigKey::name))
        .containsExactlyInAnyOrderElementsOf(
            ConfigLoader.toKeys(ConfigLoader.load(null, Map.of(), Map.of())).keySet());
  }

  @Test
  void everyKeySaysWhatItMeans() {
    assertThat(ConfigKeys.all())
        .allSatisfy(key -> assertThat(key.meaning()).as(key.name()).endsWith("."));
  }

  static List<ConfigKey> bounded() {
    return ConfigKeys.all().stream()
        .filter(key -> key.type() == int.class || key.type() == double.class)
        .toList();
  }

  /** No number may be negative. What a refusal asks for is what the key's bounds say. */
  @ParameterizedTest
  @MethodSource("bounded")
  void aNumberOutsideOfItsBoundsIsRefusedInTheirWords(ConfigKey key) {
    Map<String, String> overrides = new TreeMap<>(Map.of(key.name(), NOTHING));
    taker(key).ifPresent(objective -> overrides.put("objective.name", objective));

    assertThat(key.bounds()).isNotEmpty();
    assertThatThrownBy(() -> ConfigLoader.load(null, Map.of(), overrides))
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith(key.name() + " is " + NOTHING)
        .hasMessageContaining("; it must be " + key.bounds());
  }

  /** An objective that takes the option. */
  private static Optional<String> taker(ConfigKey key) {
    return Arrays.stream(Option.values())
        .filter(option -> key.name().equals("objective." + option.key()))
        .map(option -> ObjectiveKeys.takers(option).getFirst())
        .findFirst();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "optimizer.schedule",
        "training.recompute",
        "training.compute",
        "training.old-log-probabilities",
        "training.hinge",
        "weights.type",
        "rollout.compute",
        "rollout.weight-updates",
        "objective.kl",
        "objective.length-reward"
      })
  void aChoiceIsOneOfItsWords(String key) {
    assertThatThrownBy(() -> ConfigLoader.load(null, Map.of(), Map.of(key, "other")))
        .isInstanceOf(ConfigException.class)
        .hasMessage(key + " is other; it must be " + ConfigKeys.find(key).orElseThrow().bounds());
  }

  @Test
  void aChoiceIsNoNumber() {
    assertThatThrownBy(() -> ConfigLoader.load(null, Map.of(), Map.of("optimizer.schedule", "1")))
        .hasMessageStartingWith("optimizer.schedule is 1; it must be one of [constant, cosine]");
  }
}
