package dev.drpo.planning;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drpo.runtime.config.ConfigLoader;
import dev.drpo.runtime.config.RunConfig;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Worked out by hand. In the presets of the paper's sizes a task has at most 1,024 + 3 * 1,024 =
 * 4,096 bytes. A response is expected to have 3/5 of 8,192 tokens, 4,916, of 11 bytes each and 15
 * in an evaluation, and 512 beside.
 */
class DiskNeedsTest {
  private static final DiskNeeds.Policy QWEN_1_5B =
      new DiskNeeds.Policy(1_777_088_000L, 3_554_176_000L);
  private static final DiskNeeds.Policy QWEN_7B =
      new DiskNeeds.Policy(7_615_616_512L, 15_231_233_024L);
  private static final long OTHERS = 536_870_912;
  private static final long SEGMENT = 67_108_864;

  /** 8 * 54,588 + 4,096 of a training group, 16 * 74,252 + 4,096 of an evaluation's. */
  @Test
  void aRunOf1_5BIsExpectedToTakeThis() {
    RunConfig config = preset("drpo-1.5b-8k", Map.of());
    BrokerRecords records = BrokerRecords.expected(config, 3_554_176_000L);

    assertThat(BrokerRecords.expectedLength(config)).isEqualTo(4_916);
    // 20 steps of 128 groups and the 500 of an evaluation.
    assertThat(records.prompts()).isEqualTo(2_560 * 4_096 + 500 * 4_096 + SEGMENT);
    assertThat(records.rollouts())
        .isEqualTo(2_560 * 440_800L + 500 * 1_192_128L + SEGMENT)
        .isEqualTo(1_791_620_864L);
    // Two checkpoints are kept, 20 steps apart, and the next one comes 20 steps later.
    assertThat(records.scored())
        .isEqualTo(5_120 * 440_800L + 500 * 1_192_128L + SEGMENT)
        .isEqualTo(2_920_068_864L);
    // A hundredth of each of four snapshots.
    assertThat(records.weights()).isEqualTo(4 * 35_541_760L + SEGMENT);
    assertThat(DiskNeeds.expected(config, QWEN_1_5B, 1, true))
        .isEqualTo(
            new DiskNeeds(
                3 * 12 * 1_777_088_000L,
                4 * 3_554_176_000L + 888_544_000L,
                3 * 3_554_176_000L,
                5_000_608_256L,
                3_554_176_000L,
                OTHERS));
    assertThat(DiskNeeds.expected(config, QWEN_1_5B, 1, true).total()).isEqualTo(98_834_599_168L);
  }

  /** 8 * 90,624 + 4,096 of a training group, 16 * 123,392 + 4,096 of an evaluation's. */
  @Test
  void withEveryResponseOfFullLengthItTakesThis() {
    RunConfig config = preset("drpo-1.5b-8k", Map.of());
    BrokerRecords records = BrokerRecords.worst(config, 3_554_176_000L);

    assertThat(records.rollouts()).isEqualTo(2_560 * 729_088L + 500 * 1_978_368L + SEGMENT);
    assertThat(records.scored()).isEqualTo(5_120 * 729_088L + 500 * 1_978_368L + SEGMENT);
    assertThat(records.weights()).isEqualTo(4 * 888_544_000L + SEGMENT);
    assertThat(DiskNeeds.worst(config, QWEN_1_5B, 1, true).records()).isEqualTo(11_412_909_056L);
    assertThat(DiskNeeds.worst(config, QWEN_1_5B, 1, true))
        .hasToString(
            "108.8 GB: checkpoints 64.0 GB, snapshots 15.1 GB, exported policies 10.7 GB, records of"
                + " the broker 11.4 GB, weights of replicas 7.1 GB, logs and others 0.5 GB");
  }

  @Test
  void aRunOf7BDiffersByItsWeights() {
    RunConfig config = preset("drpo-7b-8k", Map.of());
    assertThat(DiskNeeds.expected(config, QWEN_7B, 7, true))
        .isEqualTo(
            new DiskNeeds(
                274_162_194_432L,
                64_732_740_352L,
                45_693_699_072L,
                // As of 1.5B, but for a hundredth of each of four snapshots.
                5_000_608_256L - 142_167_040 + 609_249_320,
                7 * 15_231_233_024L,
                OTHERS));
    assertThat(DiskNeeds.worst(config, QWEN_7B, 7, true).records()).isEqualTo(23_089_966_080L);
  }

  @Test
  void anothersBrokerTakesNothingOfThisDisk() {
    RunConfig config = preset("drpo-1.5b-8k", Map.of());
    assertThat(DiskNeeds.expected(config, QWEN_1_5B, 1, false).records()).isZero();
    assertThat(DiskNeeds.worst(config, QWEN_1_5B, 1, false).records()).isZero();
  }

  @Test
  void weightsInFp32TravelAsSnapshotsAlone() {
    RunConfig config = preset("drpo-1.5b-8k", Map.of("weights.type", "float32"));
    assertThat(BrokerRecords.worst(config, 7_108_352_000L).weights()).isEqualTo(SEGMENT);
    assertThat(DiskNeeds.worst(config, QWEN_1_5B, 1, true).snapshots())
        .isEqualTo(4 * 7_108_352_000L);
    assertThat(DiskNeeds.expected(config, QWEN_1_5B, 3, true).replicas())
        .isEqualTo(3 * 2 * 7_108_352_000L);
  }

  @Test
  void whatIsSentAheadAndAgainCounts() {
    RunConfig config =
        preset(
            "drpo-1.5b-8k",
            Map.of(
                "training.max-lag", "2",
                "training.most-extra-groups", "32",
                "kafka.partitions", "4"));
    BrokerRecords records = BrokerRecords.expected(config, 3_554_176_000L);
    assertThat(records.rollouts()).isEqualTo(22 * 160 * 440_800L + 500 * 1_192_128L + SEGMENT);
    assertThat(records.scored()).isEqualTo(42 * 160 * 440_800L + 500 * 1_192_128L + 4 * SEGMENT);
    assertThat(records.weights()).isEqualTo(6 * 35_541_760L + SEGMENT);
  }

  @Test
  void aShortRunKeepsNoMoreThanItEverHas() {
    RunConfig config =
        preset("drpo-1.5b-8k", Map.of("training.steps", "1", "evaluation.problems", "0"));
    BrokerRecords records = BrokerRecords.expected(config, 3_554_176_000L);
    assertThat(records.prompts()).isEqualTo(128 * 4_096);
    assertThat(records.scored()).isEqualTo(128 * 440_800L);
    RunConfig evaluated = preset("drpo-1.5b-8k", Map.of("training.steps", "1"));
    assertThat(BrokerRecords.expected(evaluated, 0).prompts())
        .isEqualTo(128 * 4_096 + 1_000 * 4_096);
  }

  private static RunConfig preset(String name, Map<String, String> changes) {
    Map<String, String> settings = new HashMap<>();
    settings.put("training.checkpoint-every", "20");
    settings.put("training.checkpoints-kept", "2");
    settings.put("evaluation.problems", "500");
    settings.putAll(changes);
    return ConfigLoader.load(null, Map.of(ConfigLoader.PRESET_VARIABLE, name), settings);
  }
}
