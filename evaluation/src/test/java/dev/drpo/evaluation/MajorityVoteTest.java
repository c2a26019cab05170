package dev.drpo.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.drpo.evaluation.AnswerClasses.AnswerClass;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class MajorityVoteTest {
  @Test
  void answersThatTheJudgeFindsEqualVoteTogetherHoweverTheyAreWritten() {
    List<JudgedSample> samples =
        Samples.answers("1/2", "0.5", "\\frac{1}{2}", "3", "3", "\\frac{2}{4}");

    assertThat(voted(samples, 5)).isEqualTo(1);
    // By their texts, 3 would have won with two votes.
    assertThat(MajorityVote.of(AnswerClasses.of(samples, (one, other) -> false), 5)).isZero();
  }

  @Test
  void classesThatTieAreDrawnFromByLot() {
    assertThat(voted(Samples.answers("7", "7", "8"), 2)).isCloseTo(0.5, within(1e-12));
    assertThat(voted(Samples.answers("7", "7", "8", "9"), 3)).isCloseTo(1.0 / 3, within(1e-12));
    assertThat(voted(Samples.answers("7", "7", "7", "8", "8", "9"), 5))
        .isCloseTo(0.5, within(1e-12));
  }

  /** Of the three pairs of 7, 7, 8, one is 7, 7 and two tie: (1 + 1/2 + 1/2) / 3. */
  @Test
  void fewerVotesThanSamplesAreAveragedOverAllChoices() {
    assertThat(voted(Samples.answers("7", "7", "7", "8"), 2)).isCloseTo(2.0 / 3, within(1e-12));
    assertThat(voted(Samples.answers("7", "7", "8", "7"), 3)).isCloseTo(1, within(1e-12));
    assertThat(voted(Samples.answers("7", "7", "7", "8"), 1)).isCloseTo(2.0 / 3, within(1e-12));
  }

  @Test
  void whoGivesNoAnswerHasNoVote() {
    assertThat(voted(Samples.answers("7", "7", "", "", ""), 4)).isCloseTo(1, within(1e-12));
    assertThat(voted(Samples.answers("7", "", ""), 2)).isZero();
    // Of the pairs of 7, 8, "" and "", three hold a 7, of which one ties.
    assertThat(voted(Samples.answers("7", "7", "8", "", ""), 2))
        .isCloseTo((2 + 0.5) / 6, within(1e-12));
  }

  @Test
  void textsThatTheJudgeCantReadVoteByTheirText() {
    List<JudgedSample> samples = Samples.answers("7", "7", "\\foo", "\\foo", "1/0", "1/0", "1/0");

    assertThat(AnswerClasses.of(samples, Samples.JUDGE::same).classes())
        .extracting(AnswerClass::votes)
        .containsExactly(1, 2, 3);
  }

  @Test
  void aChainOfEqualAnswersIsOneClassWhateverTheirOrder() {
    List<JudgedSample> samples =
        List.of(
            Samples.sample(true, "a", 1, false),
            Samples.sample(false, "c", 1, false),
            Samples.sample(true, "b", 1, false));

    AnswerClasses classes =
        AnswerClasses.of(samples, (one, other) -> Math.abs(one.charAt(0) - other.charAt(0)) == 1);

    assertThat(classes.classes()).containsExactly(new AnswerClass(3, 2));
    assertThat(MajorityVote.of(classes, 3)).isCloseTo(2.0 / 3, within(1e-12));
  }

  @Test
  void itIsTheMeanOverAllChoicesOneByOne() {
    Random random = new Random(5);
    for (int trial = 0; trial < 300; trial++) {
      List<Integer> classOf = new ArrayList<>();
      int samples = 1 + random.nextInt(9);
      int kinds = 1 + random.nextInt(5);
      for (int i = 0; i < samples; i++) {
        classOf.add(random.nextInt(kinds + 1) - 1);
      }
      boolean[] right = new boolean[samples];
      for (int i = 0; i < samples; i++) {
        // Members of a class may be judged differently.
        right[i] = classOf.get(i) >= 0 && random.nextInt(3) < classOf.get(i) + 1;
      }
      AnswerClasses classes = classes(classOf, right);
      for (int k = 1; k <= samples; k++) {
        double slow = Choices.mean(samples, k, choice -> vote(choice, classOf, right));
        assertThat(MajorityVote.of(classes, k)).isCloseTo(slow, within(1e-10));
      }
    }
  }

  @Test
  void thousandsOfSamplesDoNotOverflow() {
    AnswerClasses classes =
        new AnswerClasses(List.of(new AnswerClass(1200, 1200), new AnswerClass(800, 0)), 0);

    assertThat(MajorityVote.of(classes, 2000)).isCloseTo(1, within(1e-9));
    assertThat(MajorityVote.of(classes, 1)).isCloseTo(0.6, within(1e-9));
    assertThatThrownBy(() -> MajorityVote.of(classes, 2001)).hasMessageContaining("k is 2001");
  }

  private static double voted(List<JudgedSample> samples, int k) {
    return MajorityVote.of(AnswerClasses.of(samples, Samples.JUDGE::same), k);
  }

  private static AnswerClasses classes(List<Integer> classOf, boolean[] right) {
    List<AnswerClass> classes = new ArrayList<>();
    for (int kind : classOf.stream().filter(c -> c >= 0).collect(Collectors.toSet())) {
      classes.add(new AnswerClass(votes(classOf, kind), right(classOf, kind, right)));
    }
    return new AnswerClasses(classes, votes(classOf, -1));
  }

  private static int votes(List<Integer> classOf, int kind) {
    return (int) classOf.stream().filter(c -> c == kind).count();
  }

  private static int right(List<Integer> classOf, int kind, boolean[] right) {
    int count = 0;
    for (int i = 0; i < right.length; i++) {
      count += classOf.get(i) == kind && right[i] ? 1 : 0;
    }
    return count;
  }

  /** What one choice of samples is worth, counted as the definition has it. */
  private static double vote(List<Integer> choice, List<Integer> classOf, boolean[] right) {
    var byKind =
        choice.stream()
            .map(classOf::get)
            .filter(kind -> kind >= 0)
            .collect(Collectors.groupingBy(kind -> kind, Collectors.counting()));
    if (byKind.isEmpty()) {
      return 0;
    }
    long most = byKind.values().stream().mapToLong(Long::longValue).max().orElseThrow();
    return byKind.entrySet().stream()
        .filter(entry -> entry.getValue() == most)
        .mapToDouble(
            entry ->
                (double) right(classOf, entry.getKey(), right) / votes(classOf, entry.getKey()))
        .average()
        .orElseThrow();
  }
}
