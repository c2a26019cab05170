package dev.drpo.learner.run;

import static dev.drpo.learner.run.Records.dead;
import static dev.drpo.learner.run.Records.scored;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drpo.policy.text.ChatMessage;
import dev.drpo.problems.DataException;
import dev.drpo.problems.Problem;
import dev.drpo.problems.RenderedProblem;
import dev.drpo.proto.records.v1.PolicyVersion;
import dev.drpo.proto.records.v1.PromptTask;
import dev.drpo.proto.records.v1.Purpose;
import dev.drpo.reports.Evaluation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvaluatorTest {
  @TempDir Path folder;
  private Fixture fixture;

  @BeforeEach
  void open() throws IOException {
    fixture = new Fixture(folder);
    PolicyVersion version = fixture.published(2);
    fixture.onTask(task -> fixture.scored.append(scored(task, version)));
  }

  @Test
  void theFirstHeldOutProblemsAreSampledWithThePolicyOfTheStep() throws Exception {
    Evaluation evaluation = fixture.evaluator().evaluate(2);
    assertThat(evaluation.problems()).isEqualTo(3);
    assertThat(evaluation.samples()).isEqualTo(6);
    assertThat(evaluation.accuracy()).isEqualTo(0.5);
    assertThat(evaluation.meanLength()).isEqualTo(2.5);
    assertThat(evaluation.meanLengthCorrect()).isEqualTo(2);
    assertThat(evaluation.truncated()).isEqualTo(3);
    assertThat(fixture.sent)
        .extracting(task -> task.getId().getPrompt())
        .containsExactly("p0", "p1", "p2");
    PromptTask task = fixture.sent.getFirst();
    assertThat(task.getConfiguration()).isEqualTo(Fixture.CONFIGURATION);
    assertThat(task.getId().getPurpose()).isEqualTo(Purpose.PURPOSE_EVALUATION);
    assertThat(task.getRequiredPolicyStep()).isEqualTo(2);
    assertThat(task.getSampling().getGroupSize()).isEqualTo(2);
    assertThat(task.getSampling().getTopP()).isEqualTo(0.95);
    assertThat(fixture.counted().dispatched() + fixture.counted().scored()).isZero();
    assertThat(fixture.inbox.resumeOffsets()).isEqualTo(Map.of(0, 3L));
  }

  @Test
  void whatWasFoundIsReadNotMeasuredAgain() throws Exception {
    Evaluation found = fixture.evaluator().evaluate(2);
    assertThat(fixture.evaluator().evaluate(2)).isEqualTo(found);
    assertThat(fixture.evaluator().recall(2)).isEqualTo(found);
    assertThat(fixture.sent).hasSize(3);
    assertThat(fixture.evaluator().recall(1).isPresent()).isFalse();
  }

  @Test
  void whatWasFoundUnderOtherSettingsIsFoundAgain() throws Exception {
    Evaluation found = fixture.evaluator("before").evaluate(2);
    Fixture again = new Fixture(folder);
    PolicyVersion version = again.published(2);
    again.onTask(task -> again.scored.append(scored(task, version)));
    assertThat(again.evaluator("after").evaluate(2)).isEqualTo(found);
    assertThat(again.sent).hasSize(3);
    assertThat(again.evaluator("after").evaluate(2)).isEqualTo(found);
    assertThat(again.sent).hasSize(3);
    assertThat(again.evaluator("before").recall(2)).isEqualTo(found);
  }

  @Test
  void problemsThatBecameDeadLettersAreLeftOut() throws Exception {
    buryTheFirst();
    assertThat(fixture.evaluator().evaluate(2).problems()).isEqualTo(2);
  }

  @Test
  void setsAreToldApartEvenWhereAProblemOfOneBecameADeadLetter() throws Exception {
    buryTheFirst();
    List<RenderedProblem> problems = List.of(ofSet("p0", "a"), ofSet("p1", "b"), ofSet("p2", "a"));
    Evaluation found = fixture.evaluatorBySet("set", problems).evaluate(2);
    assertThat(found.problems()).isEqualTo(2);
    assertThat(found.sets()).containsOnlyKeys("a", "b");
    assertThat(found.sets().get("a").problems()).isOne();
    assertThat(fixture.evaluatorBySet("set", problems).recall(2)).isEqualTo(found);
  }

  @Test
  void aProblemOfNoSetIsRefused() {
    assertThatThrownBy(() -> fixture.evaluatorBySet("year", List.of(ofSet("p0", "a"))))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("evaluation.sets is year")
        .hasMessageContaining("p0 has no such metadata")
        .hasMessageContaining("[set]");
  }

  /** Every group arrives but that of p0, whose task becomes a dead letter. */
  private void buryTheFirst() throws IOException {
    PolicyVersion version = fixture.published(2);
    fixture.onTask(
        task -> {
          if (task.getId().getPrompt().equals("p0")) {
            fixture.letters.append(dead(GroupKey.of(task.getId())));
          } else {
            fixture.scored.append(scored(task, version));
          }
        });
  }

  private static RenderedProblem ofSet(String id, String set) {
    return new RenderedProblem(
        new Problem(id, List.of(new ChatMessage("user", id)), List.of("1"), Map.of("set", set)),
        new int[] {1, 2});
  }

  @Test
  void groupsOfOtherWeightsAreSampledAgain() throws Exception {
    PolicyVersion older = fixture.published(1);
    PolicyVersion version = fixture.published(2);
    fixture.onTask(
        task ->
            fixture.scored.append(
                scored(
                    task,
                    switch (fixture.sent.size()) {
                      case 1 -> older;
                      case 2 -> Fixture.stranger(7);
                      default -> version;
                    })));
    assertThat(fixture.evaluator().evaluate(2).problems()).isEqualTo(3);
    assertThat(fixture.sent)
        .extracting(task -> task.getId().getPrompt())
        .containsExactly("p0", "p1", "p2", "p0", "p1");
  }

  @Test
  void groupsThatArrivedBeforeARestartAreNotSentOutAgain() throws Exception {
    fixture.scored.append(scored(Records.evaluation(2, "p1"), fixture.published(2)));
    fixture.inbox.catchUp();
    assertThat(fixture.evaluator().evaluate(2).problems()).isEqualTo(3);
    assertThat(fixture.sent)
        .extracting(task -> task.getId().getPrompt())
        .containsExactly("p0", "p2");
  }
}
