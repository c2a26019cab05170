package dev.drpo.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class MicroBatchTest {
  @Test
  void everyResponseTokenIsPredictedFromThePositionBeforeIt() {
    MicroBatch batch =
        MicroBatch.of(
            List.of(
                new MicroBatch.Sequence(new int[] {1, 2, 3}, new int[] {4, 5}),
                new MicroBatch.Sequence(new int[] {6}, new int[] {7})));

    assertThat(batch.rows()).isEqualTo(2);
    assertThat(batch.columns()).isEqualTo(4);
    assertThat(batch.ids()).containsExactly(1, 2, 3, 4, 6, 0, 0, 0);
    assertThat(batch.select()).containsExactly(2, 3, 4);
    assertThat(batch.labels()).containsExactly(4, 5, 7);
    assertThat(batch.responseTokens()).isEqualTo(3);
  }

  @Test
  void aSequenceWithoutPromptOrResponseIsRefused() {
    assertThatThrownBy(() -> new MicroBatch.Sequence(new int[0], new int[] {1}))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new MicroBatch.Sequence(new int[] {1}, new int[0]))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
