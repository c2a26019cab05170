package dev.drpo.learner.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.primitives.Ints;
import dev.drpo.proto.records.v1.RolloutGroup;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PromptCheckTest {
  private static final PromptCheck CHECK =
      PromptCheck.of(new RunInputs.Prompts(Fixture.problems(3), Fixture.problems(2)));

  @Test
  void aGroupOfThePromptThatWasSentOutHasNoDefect() {
    assertThat(CHECK.defect(group(Records.training(0, "p2"), 1, 2))).isEmpty();
    assertThat(CHECK.defect(group(Records.evaluation(0, "p1"), 1, 1))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "'1,3', 2 tokens and differs at token 1",
    "'1,2,0', 3 tokens and differs at token 2",
    "1, 1 tokens and differs at token 1"
  })
  void aGroupOfAnotherPromptIsNamedWithWhatDiffers(String tokens, String defect) {
    int[] prompt = Pattern.compile(",").splitAsStream(tokens).mapToInt(Integer::parseInt).toArray();
    assertThat(CHECK.defect(group(Records.training(0, "p2"), prompt)))
        .hasValueSatisfying(
            reason ->
                assertThat(reason)
                    .contains(defect, "the 2 tokens that the learner sent out", "replica 'r7'"));
  }

  @Test
  void aPromptThatTheRunDoesNotHaveIsNoneOfItsBusiness() {
    assertThat(CHECK.defect(group(Records.training(0, "p9"), 7))).isEmpty();
    assertThat(CHECK.defect(group(Records.evaluation(0, "p2"), 7))).isEmpty();
  }

  private static RolloutGroup group(GroupKey key, int... prompt) {
    return RolloutGroup.newBuilder()
        .setId(key.toProto("test"))
        .addAllPromptTokens(Ints.asList(prompt))
        .setReplica("r7")
        .build();
  }
}
