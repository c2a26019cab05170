package dev.drpo.learner.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drpo.runtime.config.ConfigLoader;
import dev.drpo.testkit.TinyPolicy;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RepeatabilityTest {
  @Test
  void aRunAtLagZeroOnTheCpuIsRepeatable() {
    assertThat(obstacles(Map.of(), TinyPolicy.Preset.VECTORS)).isEmpty();
    assertThat(obstacles(Map.of("rollout.engines", "3"), TinyPolicy.Preset.VECTORS)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "training.max-lag, 1, training.max-lag is 1",
    "training.devices, cuda, training.devices is cuda",
    "rollout.devices, cuda, rollout.devices is cuda",
    "rollout.compute, bfloat16, rollout.compute is bfloat16",
    "rollout.threads, 2, rollout.threads is 2",
    "rollout.engine, vllm, rollout.engine is vllm",
    "run.resume-changed, true, run.resume-changed is true",
  })
  void whatKeepsItFromThatIsNamed(String key, String value, String obstacle) {
    Map<String, String> changes =
        switch (value) {
          case "cuda" ->
              Map.of(key, value, "rollout.compute", "bfloat16", "training.compute", "bfloat16");
          case "vllm" -> Map.of(key, value, "training.old-log-probabilities", "recompute");
          default -> Map.of(key, value);
        };
    assertThat(obstacles(changes, TinyPolicy.Preset.VECTORS))
        .anySatisfy(found -> assertThat(found).startsWith(obstacle + ":"));
  }

  @Test
  void aJudgeElsewhereAnswersAsItLikes() {
    Map<String, String> judges =
        Map.of("reward.functions", "remote:1.0,format:0.0", "reward.remote-address", "judge:9000");
    assertThat(obstacles(judges, TinyPolicy.Preset.VECTORS))
        .singleElement()
        .asString()
        .startsWith("reward.functions names remote:");
  }

  @Test
  void headsThatDoNotFillVectorsAreDecodedWithOthers() {
    assertThat(obstacles(Map.of(), TinyPolicy.Preset.ROOMY))
        .singleElement()
        .asString()
        .startsWith("the policy's heads have 8 components:");
  }

  private static List<String> obstacles(Map<String, String> changes, TinyPolicy.Preset policy) {
    Map<String, String> keys =
        new TreeMap<>(
            Map.of(
                "training.max-lag",
                "0",
                "run.id",
                "test",
                "policy.path",
                "policy",
                "data.train",
                "train.jsonl",
                "data.heldout",
                "heldout.jsonl"));
    keys.putAll(changes);
    return Repeatability.obstacles(ConfigLoader.load(null, Map.of(), keys), policy.config());
  }
}
