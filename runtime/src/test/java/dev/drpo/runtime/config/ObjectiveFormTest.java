package dev.drpo.runtime.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drpo.objectives.ObjectiveConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;

/** The flat section {@code objective} and the records of its objectives. */
class ObjectiveFormTest {
  static final List<String> NAMES = List.copyOf(ObjectiveKeys.DEFAULTS.keySet());

  /** A value of each option that is not its default. */
  private static final Map<String, String> CHANGES =
      Map.ofEntries(
          Map.entry("lambda", "0.5"),
          Map.entry("adaptive-lambda", "true"),
          Map.entry("length-reward", "cosine"),
          Map.entry("all-correct", "contrast"),
          Map.entry("cut-after-answer", "true"),
          Map.entry("score", "likelihood-ratio"),
          Map.entry("tau", "3"),
          Map.entry("ratio-tau", "3"),
          Map.entry("delta", "0.01"),
          Map.entry("beta", "3"),
          Map.entry("kl", "k3"),
          Map.entry("clip", "0.1"),
          Map.entry("clip-high", "0.3"),
          Map.entry("overlong-ramp", "0.3"),
          Map.entry("rloo-alpha", "0.3"),
          Map.entry("alp-beta", "0.001"),
          Map.entry("hapo-weight", "0.1"),
          Map.entry("l1-alpha", "0.001"),
          Map.entry("l1-target", "0.5"),
          Map.entry("length-target", "0.3"),
          Map.entry("dler-boost", "0.3"),
          Map.entry("ddca-beta", "0.3"),
          Map.entry("gr3-alpha", "0.1"),
          Map.entry("laser-bonus", "0.1"),
          Map.entry("kimi-weight", "0.1"),
          Map.entry("shorter-alpha", "1"),
          Map.entry("shorter-beta", "0.01"));

  @TempDir Path folder;

  @ParameterizedTest
  @FieldSource("NAMES")
  void anObjectiveTakesItsOwnOptionsAndRefusesTheOthers(String name) {
    CHANGES.forEach(
        (key, value) -> {
          if (keysOf(name).contains(key)) {
            Map<String, String> needed =
                key.equals("ratio-tau") ? Map.of("score", "likelihood-ratio") : Map.of();
            assertThat(load(name, key, value, needed).name()).isEqualTo(name);
          } else {
            assertThatThrownBy(() -> load(name, key, value, Map.of()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("objective." + key + " is ")
                .hasMessageContaining("the objective " + name + " does not take it, ")
                .hasMessageContaining("; leave it at ");
          }
        });
  }

  @Test
  void everyOptionBelongsToSomeObjective() throws IOException {
    String yaml = ConfigLoader.toYaml(ConfigLoader.load(null, Map.of(), Map.of()));
    assertThat(NAMES.stream().flatMap(name -> keysOf(name).stream()))
        .containsAll(CHANGES.keySet())
        .allSatisfy(key -> assertThat(yaml).contains("\n  " + key + ": "));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "drpo | lambda: 0.2, adaptive-lambda: true | objective.lambda is 0.2 | set one of the two",
        "disco | score: likelihood-ratio, tau: 3 | objective.tau is 3.0 | ratio-tau that",
        "disco | ratio-tau: 3 | objective.ratio-tau is 3.0 | with the score likelihood-ratio only",
        "disco | score: perplexity | objective.score is perplexity | [log-likelihood, likelihood",
        "drpo | length-reward: convex | objective.length-reward is convex | [linear, concave, cos",
        "drpo | all-correct: push | objective.all-correct is push | [none, pull, contrast]",
        "drpo | all-correct: pull, adaptive-lambda: true | objective.all-correct is pull | set a lam",
        "drpo | kl: k2 | objective.kl is k2 | [k1, k3]",
        "drpo | adaptive-lambda: maybe | objective.adaptive-lambda is 'maybe' | boolean",
        "alp | lambda: 0.2 | objective.lambda is 0.2 | drpo does; leave it at 0.1",
        "grpo | kl: k3 | objective.kl is k3 | drpo and disco do; leave it at k1",
        "dapo | clip-high: 0 | objective.clip-high is 0.0 | above 0",
        "dapo | overlong-ramp: 1.5 | objective.overlong-ramp is 1.5 | (0, 1]",
        "rloo-lp | rloo-alpha: 1 | objective.rloo-alpha is 1.0 | [0, 1)",
        "alp | alp-beta: -1 | objective.alp-beta is -1.0 | 0 or more",
        "hapo | hapo-weight: Infinity | objective.hapo-weight is Infinity | finite",
        "l1-max | l1-alpha: 0 | objective.l1-alpha is 0.0 | above 0",
        "l1-max | l1-target: 0 | objective.l1-target is 0.0 | (0, 1]",
        "dler | length-target: 0 | objective.length-target is 0.0 | (0, 1]",
        "dler | dler-boost: -1 | objective.dler-boost is -1.0 | 0 or more",
        "ddca | ddca-beta: Infinity | objective.ddca-beta is Infinity | finite",
        "gr3 | gr3-alpha: -1 | objective.gr3-alpha is -1.0 | 0 or more",
        "laser | laser-bonus: -1 | objective.laser-bonus is -1.0 | 0 or more",
        "kimi-length | kimi-weight: -1 | objective.kimi-weight is -1.0 | 0 or more",
        "shorter-better | shorter-alpha: 0 | objective.shorter-alpha is 0.0 | above 0",
        "shorter-better | shorter-beta: -1 | objective.shorter-beta is -1.0 | 0 or more",
      })
  void refusesWithTheKeyTheValueAndWhatIsAllowed(
      String name, String options, String subject, String expectation) throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("run.yaml"), "objective: {name: " + name + ", " + options + "}");
    assertThatThrownBy(() -> ConfigLoader.load(file, Map.of(), Map.of()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(subject)
        .hasMessageContaining(expectation);
  }

  @ParameterizedTest
  @FieldSource("NAMES")
  void everyObjectiveRunsOnEveryPresetAndIsWrittenAsItWillBeRead(String name) throws IOException {
    for (String preset : ConfigLoader.PRESETS) {
      RunConfig config =
          ConfigLoader.load(
              null, Map.of(ConfigLoader.PRESET_VARIABLE, preset), Map.of("objective.name", name));
      Path file = Files.writeString(folder.resolve("run.yaml"), ConfigLoader.toYaml(config));
      assertThat(ConfigLoader.load(file, Map.of(), Map.of())).isEqualTo(config);
    }
  }

  @Test
  void aPresetSpeaksForItsOwnObjectiveOnlyButTheUserIsTakenAtTheirWord() {
    Map<String, String> quickstart = Map.of(ConfigLoader.PRESET_VARIABLE, "quickstart");
    assertThat(ConfigLoader.load(null, quickstart, Map.of()).objective().trustRegion())
        .hasValue(1e-3);
    assertThat(
            ConfigLoader.load(null, quickstart, Map.of("objective.name", "disco"))
                .objective()
                .trustRegion())
        .hasValue(1e-3);
    assertThatThrownBy(
            () ->
                ConfigLoader.load(
                    null, quickstart, Map.of("objective.name", "grpo", "objective.delta", "0.01")))
        .hasMessageContaining("objective.delta is 0.01");
  }

  @Test
  void groupRelativeObjectivesNeedGroupsOfTwo() {
    for (String name : NAMES) {
      Map<String, String> alone = Map.of("objective.name", name, "sampling.group-size", "1");
      if (name.equals("drpo") || name.equals("disco")) {
        assertThat(ConfigLoader.load(null, Map.of(), alone).sampling().groupSize()).isEqualTo(1);
      } else {
        assertThatThrownBy(() -> ConfigLoader.load(null, Map.of(), alone))
            .hasMessageContaining("sampling.group-size is 1; " + name + " compares");
      }
    }
  }

  @Test
  void whatDoesNotExistIsNotReported() {
    assertThat(load("drpo", "lambda", "0.5", Map.of()).lengthTemperature()).hasValue(0.5);
    assertThat(load("drpo", "adaptive-lambda", "true", Map.of()).lengthTemperature()).isEmpty();
    assertThat(load("disco", "delta", "0.01", Map.of()).lengthTemperature())
        .hasValue(Double.POSITIVE_INFINITY);
    assertThat(load("disco", "delta", "0.01", Map.of()).trustRegion()).hasValue(0.01);
    assertThat(load("hapo", "clip", "0.1", Map.of()).lengthTemperature()).isEmpty();
    assertThat(load("hapo", "clip", "0.1", Map.of()).trustRegion()).isEmpty();
  }

  private static List<String> keysOf(String name) {
    return ObjectiveKeys.keysOf(ObjectiveKeys.DEFAULTS.get(name));
  }

  private static ObjectiveConfig load(
      String name, String key, String value, Map<String, String> needed) {
    Map<String, String> overrides = new TreeMap<>();
    overrides.put("objective.name", name);
    overrides.put("objective." + key, value);
    needed.forEach((other, setting) -> overrides.put("objective." + other, setting));
    return ConfigLoader.load(null, Map.of(), overrides).objective();
  }
}
