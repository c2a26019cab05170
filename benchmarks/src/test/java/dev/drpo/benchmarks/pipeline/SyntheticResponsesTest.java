package dev.drpo.benchmarks.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.drpo.proto.records.v1.FinishReason;
import dev.drpo.proto.records.v1.PolicyVersion;
import dev.drpo.proto.records.v1.Rollout;
import java.util.List;
import org.junit.jupiter.api.Test;

class SyntheticResponsesTest {
  @Test
  void lengthsHaveTheMeanThatWasAskedForAndATail() {
    List<Rollout> responses = new SyntheticResponses(1, 300, 8192, 46).group(2000);
    double mean = responses.stream().mapToInt(Rollout::getTokensCount).average().orElseThrow();
    assertThat(mean).isCloseTo(300, within(15.0));
    assertThat(responses).anyMatch(response -> response.getTokensCount() > 1500);
  }

  @Test
  void theLongestAreCutOff() {
    List<Rollout> responses = new SyntheticResponses(1, 300, 400, 46).group(200);
    assertThat(responses)
        .filteredOn(response -> response.getTokensCount() == 400)
        .isNotEmpty()
        .allMatch(cut -> cut.getFinishReason() == FinishReason.FINISH_REASON_LENGTH);
  }

  @Test
  void aGroupIsHalfRightAndWhole() {
    PolicyVersion version = PolicyVersion.newBuilder().setStep(3).build();
    List<Rollout> raw = new SyntheticResponses(1, 20, 40, 46).group(4);
    List<Rollout> group = SyntheticResponses.completed(raw, version, "7");
    assertThat(group).filteredOn(one -> one.getText().endsWith("</think> \\boxed{7}")).hasSize(2);
    assertThat(group)
        .allSatisfy(
            one -> {
              assertThat(one.getLogProbabilitiesCount()).isEqualTo(one.getTokensCount());
              assertThat(one.getVersions(0).getVersion()).isEqualTo(version);
              assertThat(one.getVersions(0).getTokens()).isEqualTo(one.getTokensCount());
            });
  }
}
