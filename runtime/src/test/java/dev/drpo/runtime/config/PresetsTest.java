package dev.drpo.runtime.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What each preset comes to. The files beside it say so for every key. */
class PresetsTest {
  /** What has to fit into a device's memory. */
  private static final List<String> PORTIONS =
      List.of(
          "training.recompute",
          "training.tokens-per-micro-batch",
          "training.retained-tokens",
          "training.logits-mebibytes",
          "rollout.slots",
          "rollout.prompts",
          "rollout.kv-cache-tokens");

  @ParameterizedTest
  @FieldSource("dev.drpo.runtime.config.ConfigLoader#PRESETS")
  void aPresetComesToTheSameConfigurationAsEver(String preset) throws IOException {
    Properties golden = new Properties();
    try (InputStream in = getClass().getResourceAsStream(preset + ".properties")) {
      golden.load(in);
    }
    assertThat(golden).hasSizeGreaterThan(80);
    assertThat(Map.<Object, Object>copyOf(values(preset))).containsAllEntriesOf(golden);
  }

  /** The settings of arXiv 2510.04474 and of the code that its authors published. */
  @ParameterizedTest
  @CsvSource({
    "sampling.group-size, 8",
    "sampling.temperature, 0.6",
    "sampling.top-p, 1.0",
    "sampling.max-prompt-tokens, 1024",
    "sampling.max-response-tokens, 8192",
    "objective.name, drpo",
    "objective.lambda, 0.1",
    "objective.length-reward, linear",
    "objective.tau, 10.0",
    "objective.delta, 1.0E-4",
    "objective.beta, 1000.0",
    "objective.kl, k1",
    "optimizer.beta1, 0.9",
    "optimizer.beta2, 0.999",
    "optimizer.weight-decay, 0.01",
    "optimizer.max-gradient-norm, 1.0",
    "optimizer.schedule, constant",
    "optimizer.warmup-steps, 0",
    "training.steps, 1000",
    "training.prompts-per-step, 128",
    "training.mini-batches-per-step, 4",
    "training.max-lag, 0",
    "reward.require-think, true",
    "reward.functions, answer:1.0",
    "evaluation.samples, 16",
    "evaluation.temperature, 0.6",
    "evaluation.top-p, 0.95",
  })
  void thePapersPresetsCarryThePapersValues(String key, String value) {
    assertThat(values("drpo-1.5b-8k")).containsEntry(key, value);
    assertThat(values("drpo-7b-8k")).containsEntry(key, value);
  }

  @ParameterizedTest
  @CsvSource({"drpo-1.5b-8k, 2.0E-6", "drpo-7b-8k, 1.0E-6"})
  void theLearningRateIsThatOfThePolicysSize(String preset, String learningRate) {
    assertThat(values(preset)).containsEntry("optimizer.learning-rate", learningRate);
  }

  @ParameterizedTest
  @ValueSource(strings = {"drpo-1.5b-8k", "drpo-7b-8k"})
  void thePapersPresetsLeavePolicyAndDataToTheUser(String preset) {
    Map<String, String> defaults = ConfigLoader.toKeys(ConfigLoader.load(null, Map.of(), Map.of()));
    for (String key : new String[] {"policy.path", "data.train", "data.heldout"}) {
      assertThat(values(preset)).containsEntry(key, defaults.get(key));
    }
  }

  @Test
  void theTwoSizesDifferInNameLearningRateAndPortionsOnly() {
    Map<String, String> small = values("drpo-1.5b-8k");
    assertThat(values("drpo-7b-8k"))
        .allSatisfy(
            (key, value) -> {
              if (!List.of("run.id", "run.directory", "optimizer.learning-rate").contains(key)
                  && !PORTIONS.contains(key)) {
                assertThat(value).as(key).isEqualTo(small.get(key));
              }
            });
  }

  private static Map<String, String> values(String preset) {
    return ConfigLoader.toKeys(
        ConfigLoader.load(null, Map.of(ConfigLoader.PRESET_VARIABLE, preset), Map.of()));
  }
}
