package dev.drpo.reports.samples;

import static dev.drpo.reports.samples.SampleLogTest.group;
import static dev.drpo.reports.samples.SampleLogTest.response;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SampleChoiceTest {
  private static final List<SampleGroup> GROUPS =
      List.of(
          group(7, "a", response(0, true, 5, ""), response(1, false, 9, "")),
          group(7, "b", response(0, true, 8, ""), response(1, true, 6, "")),
          group(7, "c", response(0, false, 2, ""), response(1, false, 4, "")));

  private static List<String> kept(SampleChoice choice, long step) {
    return choice.of(step, GROUPS).stream()
        .flatMap(
            group -> group.responses().stream().map(response -> group.prompt() + response.sample()))
        .toList();
  }

  @Test
  void theFirstAndEachSoManiethStepAreKeptWhole() {
    SampleChoice choice = new SampleChoice(10, 0);
    assertThat(List.of(1L, 10L, 200L)).allMatch(choice::isWhole);
    assertThat(List.of(2L, 9L, 11L)).noneMatch(choice::isWhole);
    assertThat(choice.of(10, GROUPS)).isEqualTo(GROUPS);
    assertThat(choice.of(9, GROUPS)).isEmpty();
  }

  @Test
  void ofTheOthersTheLongestRightAndTheShortestWrongAreKept() {
    assertThat(kept(new SampleChoice(10, 1), 9)).containsExactly("b0", "c0");
    assertThat(kept(new SampleChoice(0, 2), 10)).containsExactly("b0", "b1", "c0", "c1");
    assertThat(kept(new SampleChoice(0, 9), 10)).hasSize(6);
  }

  @Test
  void aGroupTellsItsSizeWhateverIsKeptOfIt() {
    SampleGroup kept = new SampleChoice(10, 1).of(9, GROUPS).getFirst();
    assertThat(kept.size()).isEqualTo(2);
    assertThat(kept.right()).isEqualTo(2);
    assertThat(kept.responses()).hasSize(1);
  }

  @Test
  void nothingIsKeptWhereBothAreZero() {
    assertThat(new SampleChoice(0, 0).isNothing()).isTrue();
    assertThat(new SampleChoice(0, 0).of(1, GROUPS)).isEmpty();
    assertThat(new SampleChoice(0, 1).isNothing()).isFalse();
  }
}
