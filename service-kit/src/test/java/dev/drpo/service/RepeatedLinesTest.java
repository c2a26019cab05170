package dev.drpo.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class RepeatedLinesTest {
  private static final String KAFKA = "org.apache.kafka.clients.NetworkClient";
  private static final String OURS = "dev.drpo.learner.run.RunProgress";

  private long now;
  private final RepeatedLines lines = new RepeatedLines(() -> now);

  @Test
  void theSameLineIsLoggedOnceInTenSecondsAndThenTellsHowOftenItWasLeftOut() {
    assertThat(lines.admit(OURS, "a")).hasValue(0);
    for (int i = 0; i < 100; i++) {
      now += RepeatedLines.PAUSE.toNanos() / 101;
      assertThat(lines.admit(OURS, "a")).isEmpty();
    }
    assertThat(lines.admit(OURS, "b")).hasValue(0);
    now = RepeatedLines.PAUSE.toNanos();
    assertThat(lines.admit(OURS, "a")).hasValue(100);
    assertThat(lines.admit(OURS, "a")).isEmpty();
  }

  @Test
  void clientsOfTheBrokerThatSayTheSameWithOtherNumbersAndIdsCountAsOne() {
    assertThat(lines.admit(KAFKA, "[client prompts.1, member YSlE50RsTbuWbcXB5J5O8w] 17: gone"))
        .isPresent();
    assertThat(lines.admit(KAFKA, "[client prompts.2, member 8hQbvLkyTGudqWpEmlNrtQ] 1834: gone"))
        .isEmpty();
    assertThat(lines.admit(KAFKA, "[clientId=learner.keeper] node 1 is away")).isPresent();
    assertThat(lines.admit(KAFKA, "[clientId=learner.publisher] node 1 is away")).isEmpty();
    assertThat(lines.admit(KAFKA, "[clientId=learner.publisher] node 1 is back")).isPresent();
  }

  @Test
  void linesThatDifferByNumbersAloneAreDifferentElsewhere() {
    assertThat(lines.admit(OURS, "step 1: accuracy 0.5")).isPresent();
    assertThat(lines.admit(OURS, "step 2: accuracy 0.5")).isPresent();
    String letters = "dev.drpo.runtime.messaging.DeadLetters";
    assertThat(lines.admit(letters, "prompts-0@1 became a dead letter")).isPresent();
    assertThat(lines.admit(letters, "prompts-0@2 became a dead letter")).isPresent();
  }

  @Test
  void whatManyLinesHavePushedOutIsNewAgain() {
    assertThat(lines.admit(OURS, "a")).isPresent();
    for (int i = 0; i < 2000; i++) {
      assertThat(lines.admit(OURS, "line " + i)).isEqualTo(OptionalLong.of(0));
    }
    assertThat(lines.admit(OURS, "a")).hasValue(0);
  }
}
