package dev.drpo.cli.rollouts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;
import static org.assertj.core.api.Assertions.within;

import dev.drpo.cli.exit.UsageError;
import dev.drpo.cli.lines.LineOutput;
import dev.drpo.proto.records.v1.DeadLetter;
import dev.drpo.proto.records.v1.ScoredGroup;
import dev.drpo.proto.records.v1.Verdict;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class RolloutsTest {
  private static final Selection ALL = new Selection();

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  @Test
  void aGroupIsShownWithItsResponsesAndWhatTheJudgeMadeOfThem() throws Exception {
    print(ALL, false, Scored.training(2, "p-1"));
    assertThat(printed())
        .isEqualTo(
            """
            step 3, problem p-1, by rollout-1 with policy 2: 1 of 2 right
              prompt: text of [7, 8]
              gold:   42
              1. right, 3 tokens, rule integers, reward 1.00, answer 42
                 so it is
                 = 42
              2. wrong: not equal, 5 tokens (cut off), rule integers, reward 0.00, answer 41
                 = 41

            """);
  }

  @Test
  void aGroupIsOneLineOfJsonForPrograms() throws Exception {
    print(new Selection(null, null, false, true, false), true, Scored.training(0, "p-1"));
    assertThat(printed())
        .hasLineCount(1)
        .startsWith("{\"kind\":\"group\",\"purpose\":\"training\",\"step\":1,\"prompt\":\"p-1\"")
        .contains("\"golds\":[\"42\"]", "\"sample\":1,\"right\":false,\"outcome\":\"not equal\"")
        .contains("\"tokens\":5,\"cutOff\":true,\"text\":\"= 41\",\"versions\":[0]")
        .doesNotContain("\"right\":true");
  }

  @Test
  void aGroupThatNobodyHasJudgedSaysSo() throws Exception {
    ScoredGroup judged = Scored.training(2, "p-1");
    print(
        ALL,
        false,
        judged.toBuilder()
            .clearVerdicts()
            .addVerdicts(Verdict.getDefaultInstance())
            .addVerdicts(Verdict.getDefaultInstance())
            .build());
    assertThat(printed())
        .contains("by rollout-1 with policy 2: not judged yet\n", "  2. 5 tokens (cut off)\n")
        .doesNotContain("right", "wrong");
  }

  @Test
  void filtersChooseGroupsByStepProblemAndPurpose() throws Exception {
    List<ScoredGroup> groups =
        List.of(
            Scored.training(0, "a"),
            Scored.training(0, "b"),
            Scored.training(1, "a"),
            Scored.evaluation(0, "e"));
    assertThat(chosen(new Selection(1L, null, false, false, false), groups)).isEqualTo(2);
    assertThat(chosen(new Selection(null, "a", false, false, false), groups)).isEqualTo(2);
    assertThat(chosen(new Selection(2L, "a", false, false, false), groups)).isEqualTo(1);
    assertThat(chosen(new Selection(0L, null, false, false, true), groups)).isEqualTo(1);
    assertThat(chosen(ALL, groups)).isEqualTo(3);
  }

  @Test
  void filtersThatLeaveNothingAreRefused() {
    assertThatThrownBy(new Selection(null, null, true, true, false)::check)
        .isInstanceOf(UsageError.class)
        .hasMessageContaining("--right and --wrong leave no response");
    assertThatThrownBy(new Selection(0L, null, false, false, false)::check)
        .isInstanceOf(UsageError.class)
        .hasMessageContaining("--step is 0; it must be 1 or more");
  }

  @Test
  void aStepsFiguresAreThoseOfTheFirstGroupOfEachIdentity() {
    List<StepStats> steps =
        StepStats.of(
            List.of(
                Scored.training(1, "a"),
                Scored.training(0, "a"),
                Scored.training(0, "b"),
                Scored.training(0, "a")));
    assertThat(steps).extracting(StepStats::step).containsExactly(1L, 2L);
    StepStats first = steps.getFirst();
    assertThat(first.groups()).isEqualTo(2);
    assertThat(first.again()).isEqualTo(1);
    assertThat(first.responses()).isEqualTo(4);
    assertThat(first.accuracy()).isCloseTo(0.5, within(1e-12));
    assertThat(first.rightLength()).isEqualTo(3);
    assertThat(first.wrongLength()).isEqualTo(5);
    assertThat(first.cutOff()).isEqualTo(2);
    assertThat(first.rules()).containsOnlyKeys("integers").containsValue(4);
    assertThat(first.versions()).containsExactly(0L);
    assertThat(StepStats.table(steps))
        .hasSize(3)
        .last()
        .asString()
        .contains("0.500", "3.0", "5.0", "integers 2");
  }

  @Test
  void ofSeveralReplicasItIsToldWhoSampledHowMuch() {
    ScoredGroup alone = Scored.training(0, "a");
    assertThat(StepStats.shares(StepStats.of(List.of(alone)))).isEmpty();
    ScoredGroup other = Scored.training(1, "b");
    ScoredGroup byOther =
        other.toBuilder().setGroup(other.getGroup().toBuilder().setReplica("rollout-2")).build();
    List<StepStats> steps = StepStats.of(List.of(alone, Scored.training(0, "c"), byOther));
    assertThat(steps.getFirst().replicas()).containsExactly(entry("rollout-1", 16L));
    assertThat(StepStats.shares(steps))
        .containsExactly(
            "sampled by:",
            "  rollout-1                  16 tokens  66.7%",
            "  rollout-2                   8 tokens  33.3%");
  }

  @Test
  void aDeadLetterIsShownWithItsReason() throws Exception {
    DeadLetter letter =
        DeadLetter.newBuilder()
            .setService("reward-1")
            .setSourceTopic("r.drpo.rollouts")
            .setSourceOffset(12)
            .setReason("it has no golds")
            .build();
    new Printer(ALL, false, text(), new LineOutput(bytes)).print(letter);
    assertThat(printed())
        .isEqualTo("dead letter of reward-1, from r.drpo.rollouts@12: it has no golds\n");
  }

  private int chosen(Selection selection, List<ScoredGroup> groups) throws IOException {
    int printed = 0;
    for (ScoredGroup group : groups) {
      printed += print(selection, true, group) ? 1 : 0;
    }
    return printed;
  }

  private boolean print(Selection selection, boolean json, ScoredGroup group) throws IOException {
    return new Printer(selection, json, text(), new LineOutput(bytes)).print(group);
  }

  private static GroupText text() {
    return new GroupText(tokens -> "text of " + tokens);
  }

  private String printed() {
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
