package dev.drpo.runtime.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drpo.proto.records.v1.GroupId;
import dev.drpo.proto.records.v1.Rollout;
import dev.drpo.proto.records.v1.RolloutGroup;
import dev.drpo.proto.records.v1.ScoredGroup;
import dev.drpo.proto.records.v1.Verdict;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecordBudgetTest {
  private static final int TOKENS = 2000;
  private static final int RESPONSES = 4;

  /** The estimate against a record whose tokens are the largest ids, with five bytes of text. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void theBudgetOfAGroupIsWhatItsRecordTakesAndLittleMore(boolean truncated) {
    RolloutGroup.Builder group =
        RolloutGroup.newBuilder().setId(GroupId.newBuilder().setPrompt("p"));
    ScoredGroup.Builder scored = ScoredGroup.newBuilder();
    for (int i = 0; i < RESPONSES; i++) {
      Rollout.Builder rollout = Rollout.newBuilder().setText("abcd ".repeat(TOKENS));
      for (int token = 0; token < TOKENS; token++) {
        rollout.addTokens((1 << 21) - 1).addLogProbabilities(-1);
        if (truncated) {
          rollout.addSamplingLogProbabilities(-1);
        }
      }
      group.addRollouts(rollout);
      scored.addVerdicts(Verdict.newBuilder().setReward(1).setRule("equal-numbers"));
    }
    int size = scored.setGroup(group).build().getSerializedSize();
    assertThat(RecordBudget.group(RESPONSES, 100, TOKENS, truncated))
        .isBetween((long) size, size + (80L << 10));
  }

  @Test
  void sixteenResponsesOfThirtyTwoThousandTokensFitAndWhatDoesNotIsRefusedWithTheNumbers() {
    Map<String, String> keys = new TreeMap<>();
    keys.put("sampling.max-response-tokens", "32768");
    keys.put("training.tokens-per-micro-batch", "40000");
    keys.put("rollout.slots", "256");
    keys.put("sampling.group-size", "16");
    keys.put("evaluation.samples", "16");
    assertThat(ConfigLoader.load(null, Map.of(), keys).evaluation().samples()).isEqualTo(16);
    keys.put("evaluation.samples", "128");
    assertThatThrownBy(() -> ConfigLoader.load(null, Map.of(), keys))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("evaluation.samples is 128")
        .hasMessageContaining("sampling.max-response-tokens is 32768")
        .hasMessageContaining("takes 64.2 MiB as one record, and a record may take 32 MiB");
    keys.put("evaluation.problems", "0");
    assertThat(ConfigLoader.load(null, Map.of(), keys).evaluation().samples()).isEqualTo(128);
    keys.put("sampling.group-size", "128");
    assertThatThrownBy(() -> ConfigLoader.load(null, Map.of(), keys))
        .hasMessageContaining("sampling.group-size is 128");
  }
}
