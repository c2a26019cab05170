package dev.drpo.runtime.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drpo.runtime.config.ConfigLoader;
import dev.drpo.runtime.config.RunConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeapNeedsTest {
  private static final long MEBIBYTE = 1 << 20;

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"drpo-1.5b-8k", "drpo-7b-8k"})
  void aRunOfThePapersSizeNeedsSomeGigabytesAtMost(String preset) {
    RunConfig config = config(preset, Map.of());
    // 128 groups of 8 responses of 8,192 tokens: 8.4 million, at 15 and 12 bytes each.
    assertThat(HeapNeeds.learner(config).groups()).isBetween(216 * MEBIBYTE, 218 * MEBIBYTE);
    assertThat(HeapNeeds.learner(config).limit()).isBetween(600 * MEBIBYTE, 2048 * MEBIBYTE);
    assertThat(HeapNeeds.rollout(config).limit()).isBetween(300 * MEBIBYTE, 1024 * MEBIBYTE);
  }

  @Test
  void theQuickstartNeedsLessThanItUsedToBeGiven() {
    RunConfig config = config("quickstart", Map.of());
    assertThat(HeapNeeds.learner(config).limit()).isLessThan(512 * MEBIBYTE);
    assertThat(HeapNeeds.rollout(config).limit()).isLessThan(512 * MEBIBYTE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "training.max-lag=3",
        "training.prompts-per-step=512",
        "training.most-extra-groups=128",
        "training.mini-batches-per-step=1",
        "training.old-log-probabilities=recompute",
        "sampling.group-size=16",
        "sampling.max-response-tokens=16384",
      })
  void whatMakesALearnerHoldMoreRaisesItsNeed(String change) {
    assertRaises(change, Map.of("training.old-log-probabilities", "behaviour"));
  }

  @Test
  void theImportanceOfTokensRaisesItWhereThereIsAny() {
    String key = "training.old-log-probabilities";
    assertRaises("training.importance-cap=2", Map.of(key, "recompute"));
    for (String band : List.of("training.importance-band", "training.response-band")) {
      assertRaises(band + "=0.5..5", Map.of(key, "recompute", "training.importance-cap", "0"));
    }
  }

  private static void assertRaises(String change, Map<String, String> settings) {
    Map<String, String> plain = new TreeMap<>(settings);
    plain.put("training.tokens-per-micro-batch", "65536");
    Map<String, String> changed = new TreeMap<>(plain);
    String[] changedKey = change.split("=", 2);
    changed.put(changedKey[0], changedKey[1]);
    assertThat(HeapNeeds.learner(config("drpo-1.5b-8k", changed)).limit())
        .isGreaterThan(HeapNeeds.learner(config("drpo-1.5b-8k", plain)).limit());
  }

  @ParameterizedTest
  @ValueSource(strings = {"rollout.slots=768", "evaluation.samples=64"})
  void whatMakesAReplicaHoldMoreRaisesItsNeed(String change) {
    String[] key = change.split("=", 2);
    assertThat(HeapNeeds.rollout(config("drpo-1.5b-8k", Map.of(key[0], key[1]))).limit())
        .isGreaterThan(HeapNeeds.rollout(config("drpo-1.5b-8k", Map.of())).limit());
  }

  @Test
  void heldOutProblemsCountByTheirFileAndNotByTheirResponses() throws IOException {
    Path file = Files.writeString(folder.resolve("heldout.jsonl"), "x".repeat(1000));
    Map<String, String> few = Map.of("data.heldout", file.toString(), "evaluation.problems", "1");
    Map<String, String> all = Map.of("data.heldout", file.toString(), "evaluation.samples", "64");
    Map<String, String> none = Map.of("data.heldout", file.toString(), "evaluation.problems", "0");
    HeapNeeds needs = HeapNeeds.learner(config("drpo-1.5b-8k", few));
    assertThat(HeapNeeds.learner(config("drpo-1.5b-8k", all))).isEqualTo(needs);
    assertThat(needs.problems() - HeapNeeds.learner(config("drpo-1.5b-8k", none)).problems())
        .isEqualTo(5000);
  }

  @Test
  void whatIsCertainDoesNotDependOnHowLongResponsesAre() {
    RunConfig config = config("drpo-1.5b-8k", Map.of());
    HeapNeeds least = HeapNeeds.leastOfLearner(config);
    assertThat(least.live()).isLessThan(HeapNeeds.learner(config).live());
    assertThat(
            HeapNeeds.leastOfLearner(
                config("drpo-1.5b-8k", Map.of("sampling.max-response-tokens", "256"))))
        .isEqualTo(least);
    assertThat(
            HeapNeeds.leastOfLearner(config("drpo-1.5b-8k", Map.of("sampling.group-size", "16")))
                .groups())
        .isEqualTo(2 * least.groups());
  }

  private static RunConfig config(String preset, Map<String, String> changes) {
    return ConfigLoader.load(null, Map.of(ConfigLoader.PRESET_VARIABLE, preset), changes);
  }
}
