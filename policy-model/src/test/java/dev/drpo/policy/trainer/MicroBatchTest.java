package dev.drpo.policy.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drpo.policy.trainer.MicroBatch.Sequence;
import java.util.List;
import org.junit.jupiter.api.Test;

class MicroBatchTest {
  @Test
  void everyResponseTokenIsPredictedFromTheOneBeforeItWithoutPadding() {
    MicroBatch batch =
        MicroBatch.of(
            List.of(
                new Sequence(new int[] {1, 2, 3}, new int[] {4, 5}),
                new Sequence(new int[] {6}, new int[] {7})));

    assertThat(batch.ids()).containsExactly(1, 2, 3, 4, 6);
    assertThat(batch.positions()).containsExactly(0, 1, 2, 3, 0);
    assertThat(batch.segments()).containsExactly(0, 4, 0, 0, 4, 1, 0, 0);
    assertThat(batch.select()).containsExactly(2, 3, 4);
    assertThat(batch.labels()).containsExactly(4, 5, 7);
    assertThat(batch.tokens()).isEqualTo(5);
    assertThat(batch.responseTokens()).isEqualTo(3);
  }

  @Test
  void neighboursWithTheSamePromptShareIt() {
    int[] prompt = {1, 2, 3};
    MicroBatch batch =
        MicroBatch.of(
            List.of(
                new Sequence(new int[] {9}, new int[] {8, 7}),
                new Sequence(prompt, new int[] {4, 5, 6}),
                new Sequence(prompt.clone(), new int[] {4}),
                new Sequence(prompt, new int[] {6, 5})));

    assertThat(batch.ids()).containsExactly(9, 8, 1, 2, 3, 4, 5, 6);
    assertThat(batch.positions()).containsExactly(0, 1, 0, 1, 2, 3, 4, 3);
    assertThat(batch.segments()).containsExactly(0, 2, 0, 0, 2, 3, 0, 0, 5, 2, 2, 3, 7, 1, 2, 3);
    assertThat(batch.select()).containsExactly(0, 1, 4, 5, 6, 4, 4, 7);
    assertThat(batch.labels()).containsExactly(8, 7, 4, 5, 6, 4, 6, 5);
  }

  @Test
  void aSequenceWithoutPromptOrResponseIsRefused() {
    assertThatThrownBy(() -> new Sequence(new int[0], new int[] {1}))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Sequence(new int[] {1}, new int[0]))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> MicroBatch.of(List.of())).isInstanceOf(IllegalArgumentException.class);
  }
}
