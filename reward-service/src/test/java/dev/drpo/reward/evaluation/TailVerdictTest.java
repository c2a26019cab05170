package dev.drpo.reward.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drpo.judge.Judge;
import dev.drpo.judge.convention.Conventions;
import dev.drpo.judge.limit.Limits;
import dev.drpo.proto.records.v1.FinishReason;
import dev.drpo.proto.records.v1.Verdict;
import dev.drpo.reward.RewardMeters;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import org.junit.jupiter.api.Test;

class TailVerdictTest {
  private final MeteredJudge judge =
      new MeteredJudge(new Judge(Limits.DEFAULT), new RewardMeters(new SimpleMeterRegistry()));

  @Test
  void aRightResponsesTailIsToldInCodePoints() {
    // Java has two characters for the first.
    String response = "\uD83D\uDE00 x = 5\nWait.\n</think> \\boxed{5}";
    Verdict verdict = verdict(response);
    assertThat(verdict.getTailStart()).isEqualTo("? x = 5\n".length());
    assertThat(verdict.getTailEnd()).isEqualTo("? x = 5\nWait.\n".length());
    assertThat(verdict.toBuilder().clearTailStart().clearTailEnd().build())
        .isEqualTo(
            judge.judge(
                response, List.of("5"), Conventions.DEFAULT, FinishReason.FINISH_REASON_STOP));
  }

  @Test
  void aWrongResponseAndOneThatStopsAtTheAnswerHaveNoTail() {
    for (String response :
        List.of("x = 5\nWait.\n</think> \\boxed{6}", "x = 5\n</think> \\boxed{5}")) {
      assertThat(verdict(response).getTailStart()).isZero();
      assertThat(verdict(response).getTailEnd()).isZero();
    }
  }

  private Verdict verdict(String response) {
    return judge.judgeWithTail(
        response, List.of("5"), Conventions.DEFAULT, FinishReason.FINISH_REASON_STOP);
  }
}
