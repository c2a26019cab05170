package dev.drpo.cli.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drpo.cli.exit.UsageError;
import dev.drpo.proto.learner.v1.GetStatusResponse;
import dev.drpo.proto.learner.v1.RunState;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class MomentTest {
  private static final GetStatusResponse NOTHING = GetStatusResponse.getDefaultInstance();

  @Test
  void eachMomentIsKnownByWhatTheLearnerSays() {
    GetStatusResponse evaluates = status(RunState.RUN_STATE_EVALUATING_BEFORE, 0, 3, 8);
    GetStatusResponse waits = status(RunState.RUN_STATE_TRAINING, 1, 3, 8);
    GetStatusResponse learns = status(RunState.RUN_STATE_TRAINING, 1, 8, 8);
    GetStatusResponse publishes = status(RunState.RUN_STATE_TRAINING, 2, 8, 8);
    GetStatusResponse ended = status(RunState.RUN_STATE_COMPLETED, 2, 0, 0);
    assertThat(now(NOTHING, evaluates)).containsExactly(Moment.EVALUATING);
    assertThat(now(evaluates, waits)).containsExactly(Moment.WAITING);
    assertThat(now(waits, learns)).containsExactly(Moment.LEARNING);
    assertThat(now(learns, learns)).isEmpty();
    assertThat(now(learns, publishes)).containsExactly(Moment.PUBLISHING);
    assertThat(now(publishes, ended)).containsExactly(Moment.ENDED);
    assertThat(now(NOTHING, NOTHING)).isEmpty();
  }

  @Test
  void momentsHaveNamesAndOthersAreRefused() {
    for (Moment moment : Moment.values()) {
      assertThat(Moment.named(moment.option())).isEqualTo(moment);
    }
    assertThatThrownBy(() -> Moment.named("sleeping"))
        .isInstanceOf(UsageError.class)
        .hasMessageContaining("'sleeping'")
        .hasMessageContaining("evaluating, waiting, learning, publishing, ended");
  }

  private static List<Moment> now(GetStatusResponse before, GetStatusResponse status) {
    return Arrays.stream(Moment.values()).filter(m -> m.hasCome(before, status)).toList();
  }

  private static GetStatusResponse status(RunState state, long steps, int done, int total) {
    return GetStatusResponse.newBuilder()
        .setState(state)
        .setStepsDone(steps)
        .setPhaseGroupsDone(done)
        .setPhaseGroupsTotal(total)
        .build();
  }
}
