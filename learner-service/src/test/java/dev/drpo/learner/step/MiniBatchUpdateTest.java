package dev.drpo.learner.step;

import static dev.drpo.learner.step.StepFixture.AS_SAMPLED;
import static dev.drpo.learner.step.StepFixture.BUDGET;
import static dev.drpo.learner.step.StepFixture.EVERYTHING;
import static dev.drpo.learner.step.StepFixture.NEVER_PUBLISHED;
import static dev.drpo.learner.step.StepFixture.SAMPLED_BY;
import static dev.drpo.learner.step.StepFixture.TEMPERATURE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.drpo.learner.step.MiniBatchUpdate.Old;
import dev.drpo.objectives.Divergence;
import dev.drpo.objectives.Drpo;
import dev.drpo.objectives.Group;
import dev.drpo.objectives.Objective;
import dev.drpo.objectives.Signal;
import dev.drpo.policy.checkpoint.PolicyLayout;
import dev.drpo.policy.safetensors.SafetensorsFile;
import dev.drpo.policy.safetensors.SafetensorsWriter;
import dev.drpo.policy.trainer.MicroBatch;
import dev.drpo.policy.trainer.PolicyTrainer;
import dev.drpo.runtime.config.RatioBand;
import dev.drpo.testkit.TinyPolicy;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MiniBatchUpdateTest {
  private static final PolicyTrainer.AdamW ADAM =
      new PolicyTrainer.AdamW(1e-3, 0.9, 0.999, 1e-8, 0.01, 1);

  @TempDir Path folder;
  private StepFixture fixture;

  @BeforeEach
  void open() throws IOException {
    fixture = new StepFixture(folder);
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void theGradientIsTheFiniteDifferenceOfTheObjectiveByTheWeights() throws IOException {
    // Far from the trust region's edge, where the objective bends: inside and outside.
    for (double drift : new double[] {-0.3, 0.3}) {
      List<TrainingGroup> groups = fixture.groups(new Random(77), drift);
      update(drpo(), 40, 0).accumulate(groups, NEVER_PUBLISHED);
      List<float[]> gradient = fixture.trainer.gradients();
      List<PolicyLayout.Weight> layout = PolicyLayout.of(TinyPolicy.Preset.SLIM.config()).weights();
      for (String name :
          List.of(
              "model.embed_tokens.weight",
              "model.norm.weight",
              "model.layers.0.self_attn.q_proj.weight",
              "model.layers.1.self_attn.o_proj.weight",
              "model.layers.0.mlp.gate_proj.weight",
              "model.layers.1.mlp.down_proj.weight")) {
        float[] ofTensor = gradient.get(indexOf(layout, name));
        int element = largest(ofTensor, elements(layout, name));
        double width = 4e-3;
        double slope =
            (objectiveWith(name, element, width, groups)
                    - objectiveWith(name, element, -width, groups))
                / (2 * width);
        // Log-probabilities in fp32 leave a noise of about 1e-6 in the difference.
        assertThat((double) -ofTensor[element])
            .as("%s[%d], drift %s", name, element, drift)
            .isCloseTo(slope, within(0.01 * Math.abs(slope) + 1e-3));
      }
    }
  }

  @Test
  void aStepClimbsTheObjectiveAndCountsItself() {
    List<TrainingGroup> groups = fixture.groups(new Random(3), 0);
    // Without the hinge, which holds back what a step of this size would gain.
    MiniBatchUpdate update = update(new Drpo(BUDGET, 0.1, 10, 1e-4, 0), 64, 0);
    MiniBatchUpdate.Result first = update.apply(groups, AS_SAMPLED, Old.GIVEN, ADAM);
    MiniBatchUpdate.Result second = update.apply(groups, NEVER_PUBLISHED, Old.GIVEN, ADAM);
    assertThat(second.objective()).isGreaterThan(first.objective());
    assertThat(first.outcome())
        .isInstanceOfSatisfying(
            Outcome.Applied.class, applied -> assertThat(applied.gradientNorm()).isPositive());
    assertThat(fixture.trainer.optimizerSteps()).isEqualTo(2);
  }

  @Test
  void rightResponsesPushedDownAreThoseThatTheObjectiveWeighsBelowZero() {
    List<TrainingGroup> groups = fixture.groups(new Random(3), 0);
    assertThat(update(drpo(), 64, 0).accumulate(groups, AS_SAMPLED).pushedDown().share()).isZero();
    Objective opposite =
        everything -> {
          Objective.Evaluation evaluation = drpo().evaluate(everything);
          return new Objective.Evaluation(
              evaluation.value(), negated(evaluation.tokenWeights()), evaluation.divergence());
        };
    long right =
        groups.stream()
            .filter(group -> group.has(Signal.CORRECTNESS))
            .flatMap(group -> group.samples().stream())
            .filter(TrainingGroup.Sample::correct)
            .count();
    long all =
        groups.stream()
            .flatMap(group -> group.samples().stream())
            .filter(TrainingGroup.Sample::correct)
            .count();
    assertThat(right).isPositive();
    assertThat(update(opposite, 64, 0).accumulate(groups, AS_SAMPLED).pushedDown().share())
        .isEqualTo((double) right / all);
  }

  @Test
  void anotherObjectiveIsAskedWhatItWouldPushDownAndHasNoPartInTheUpdate() {
    List<TrainingGroup> groups = fixture.groups(new Random(3), 0);
    Objective other =
        everything -> {
          Objective.Evaluation evaluation = drpo().evaluate(everything);
          return new Objective.Evaluation(
              evaluation.value(), negated(evaluation.tokenWeights()), evaluation.divergence());
        };
    update(drpo(), 64, 0).accumulate(groups, AS_SAMPLED);
    List<float[]> alone = fixture.trainer.gradients();
    PushedDown opposite = update(other, 64, 0).accumulate(groups, AS_SAMPLED).pushedDown();
    MiniBatchUpdate beside =
        new MiniBatchUpdate(
            fixture.trainer,
            Passes.of(fixture.trainer, TEMPERATURE),
            drpo(),
            Optional.of(other),
            StepFixture.settings(64, 0));
    assertThat(beside.accumulate(groups, AS_SAMPLED).pushedDown())
        .isEqualTo(new PushedDown(0, OptionalDouble.of(opposite.share())));
    assertThat(fixture.trainer.gradients())
        .usingElementComparator(Arrays::compare)
        .isEqualTo(alone);
    assertThat(beside.accumulate(groups, NEVER_PUBLISHED).pushedDown().byOther()).isEmpty();
  }

  @Test
  void theEntropyIsThatOfEveryTokensDistributionHoweverPassesAreCut() {
    List<TrainingGroup> groups = fixture.groups(new Random(3), 0);
    double sum = 0;
    long tokens = 0;
    for (TrainingGroup group : groups) {
      for (TrainingGroup.Sample sample : group.samples()) {
        MicroBatch alone =
            MicroBatch.of(List.of(new MicroBatch.Sequence(group.promptTokens(), sample.tokens())));
        for (float entropy :
            fixture.trainer.scores(List.of(alone), TEMPERATURE).getFirst().entropies()) {
          sum += entropy;
          tokens++;
        }
      }
    }
    for (int retained : new int[] {0, EVERYTHING}) {
      for (int perMicroBatch : new int[] {24, EVERYTHING}) {
        assertThat(update(drpo(), perMicroBatch, retained).accumulate(groups, AS_SAMPLED).entropy())
            .isCloseTo(sum / tokens, within(1e-5))
            .isPositive();
      }
    }
  }

  @Test
  void thePercentileOfTheGapIsThatOfTheSortedTerms() {
    Random random = new Random(8);
    for (int count : new int[] {1, 2, 99, 100, 101, 250}) {
      float[] sampled = new float[count];
      float[] learned = new float[count];
      LogProbabilityGap.Measure measure = new LogProbabilityGap.Measure();
      for (int t = 0; t < count; t++) {
        learned[t] = (float) random.nextGaussian();
        measure.add(new float[] {sampled[t]}, new float[] {learned[t]});
      }
      double[] terms =
          IntStream.range(0, count)
              .mapToDouble(t -> Math.expm1(learned[t]) - learned[t])
              .sorted()
              .toArray();
      // At least 99 of 100 terms are no larger.
      int rank = 0;
      while (100L * (rank + 1) < 99L * count) {
        rank++;
      }
      assertThat(measure.result().klP99()).isCloseTo(terms[rank], within(1e-6));
    }
  }

  private static double[][][] negated(double[][][] weights) {
    return Stream.of(weights)
        .map(
            group ->
                Stream.of(group)
                    .map(tokens -> DoubleStream.of(tokens).map(weight -> -weight).toArray())
                    .toArray(double[][]::new))
        .toArray(double[][][]::new);
  }

  @Test
  void theGapIsMeasuredOverSamplesOfThePresentWeightsOnly() {
    List<TrainingGroup> groups = fixture.groups(new Random(3), 0.25);
    LogProbabilityGap gap = update(drpo(), 64, 0).accumulate(groups, AS_SAMPLED).gap();
    assertThat(gap.mean()).isCloseTo(0.25, within(1e-4));
    assertThat(gap.largest()).isCloseTo(0.25, within(1e-4));
    // Every token is exp(-0.25) times as likely as it was sampled.
    assertThat(gap.kl()).isCloseTo(Math.exp(-0.25) - 1 + 0.25, within(1e-4));
    assertThat(update(drpo(), 64, 0).accumulate(groups, OptionalLong.of(5)).gap())
        .isEqualTo(LogProbabilityGap.NONE);

    List<TrainingGroup> recomputed = update(drpo(), 64, 0).recomputeOld(groups);
    assertThat(LogProbabilityGap.ofRecomputed(recomputed, SAMPLED_BY.step()).mean())
        .isCloseTo(0.25, within(1e-4));
    assertThat(LogProbabilityGap.ofRecomputed(recomputed, 5)).isEqualTo(LogProbabilityGap.NONE);
  }

  @Test
  void recomputedLogProbabilitiesAreThoseOfThePresentWeightsAndLeaveTheSampledOnes() {
    List<TrainingGroup> groups = fixture.groups(new Random(9), 0.25);
    List<TrainingGroup> recomputed = update(drpo(), 40, 0).recomputeOld(groups);
    for (int g = 0; g < groups.size(); g++) {
      TrainingGroup group = recomputed.get(g);
      assertThat(group.prompt()).isEqualTo(groups.get(g).prompt());
      assertThat(group.samples()).hasSameSizeAs(groups.get(g).samples());
      for (int i = 0; i < group.samples().size(); i++) {
        TrainingGroup.Sample sample = group.samples().get(i);
        TrainingGroup.Sample before = groups.get(g).samples().get(i);
        assertThat(sample.tokens()).isSameAs(before.tokens());
        assertThat(sample.logProbabilities()).isSameAs(before.logProbabilities());
        assertThat(sample.old())
            .containsExactly(
                fixture.logProbabilities(group.promptTokens(), sample.tokens()), within(1e-5f));
      }
    }
    assertThat(update(drpo(), 64, 0).accumulate(recomputed, AS_SAMPLED).divergence())
        .isCloseTo(0, within(1e-6));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, EVERYTHING})
  void anUpdateThatFindsItsOldLogProbabilitiesIsThatWithRecomputedOnes(int retained) {
    List<TrainingGroup> groups = fixture.groups(new Random(9), 0.25);
    MiniBatchUpdate update = update(drpo(), 40, retained);
    MiniBatchUpdate.Gradient given =
        update.accumulate(update.recomputeOld(groups), AS_SAMPLED, Old.GIVEN);
    List<float[]> expected = fixture.trainer.gradients();
    MiniBatchUpdate.Gradient found = update.accumulate(groups, AS_SAMPLED, Old.FOUND);
    assertThat(fixture.trainer.gradients()).usingRecursiveComparison().isEqualTo(expected);
    assertThat(found).usingRecursiveComparison().isEqualTo(given);
    assertThat(found.divergence()).isZero();
  }

  @Test
  void theDivergenceOfTheUpdatedPolicyIsThatOfItsLogProbabilities() {
    List<TrainingGroup> groups = fixture.groups(new Random(4), 0.25);
    MiniBatchUpdate update = update(drpo(), 40, EVERYTHING);
    MiniBatchUpdate.Result result = update.apply(groups, AS_SAMPLED, Old.FOUND, ADAM);
    double sum = 0;
    long tokens = 0;
    for (TrainingGroup group : result.groups()) {
      for (TrainingGroup.Sample sample : group.samples()) {
        float[] now = fixture.logProbabilities(group.promptTokens(), sample.tokens());
        for (int t = 0; t < now.length; t++) {
          sum += Divergence.K3.term((double) now[t] - sample.old()[t]);
        }
        tokens += now.length;
      }
    }
    assertThat(update.divergence(result.groups()))
        .isPositive()
        .isCloseTo(sum / tokens, within(1e-3 * sum / tokens));
  }

  /** Far outside the trust region, where without the correction the KL would be the drift. */
  @Test
  void theImportanceCorrectionReachesTheDivergenceToo() {
    List<TrainingGroup> groups = fixture.groups(new Random(5), 0.5);
    List<TrainingGroup> moved =
        groups.stream()
            .map(
                group ->
                    group.with(
                        group.samples().stream()
                            .map(sample -> sample.withOld(shifted(sample.logProbabilities())))
                            .toList()))
            .toList();
    MiniBatchUpdate corrected =
        new MiniBatchUpdate(
            fixture.trainer, drpo(), new UpdateSettings(TEMPERATURE, EVERYTHING, 0, 1, capped(4)));
    // Old is exp(0.25) times the sampled probability, and current exp(-0.75) times old.
    assertThat(update(drpo(), EVERYTHING, 0).accumulate(moved, NEVER_PUBLISHED).divergence())
        .isCloseTo(0.75, within(1e-4));
    assertThat(corrected.accumulate(moved, NEVER_PUBLISHED).divergence())
        .isCloseTo(0.75 * Math.exp(0.25), within(1e-4));
  }

  private static Importance capped(double cap) {
    return new Importance(cap, RatioBand.NONE, RatioBand.NONE);
  }

  private static float[] shifted(float[] logProbabilities) {
    float[] shifted = logProbabilities.clone();
    for (int t = 0; t < shifted.length; t++) {
      shifted[t] += 0.25f;
    }
    return shifted;
  }

  /** Tokens were sampled with e^0.5 times their recomputed probability, or its inverse. */
  @ParameterizedTest
  @ValueSource(doubles = {-0.5, 0.5})
  void theImportanceCorrectionWeighsTokensByTheCappedRatio(double drift) {
    double cap = 1.25;
    List<TrainingGroup> sampled = fixture.groups(new Random(5), drift);
    List<TrainingGroup> groups = update(drpo(), 64, 0).recomputeOld(sampled);
    update(drpo(), EVERYTHING, 0).accumulate(groups, NEVER_PUBLISHED);
    List<float[]> plain = fixture.trainer.gradients();
    new MiniBatchUpdate(
            fixture.trainer, drpo(), new UpdateSettings(TEMPERATURE, EVERYTHING, 0, 1, capped(cap)))
        .accumulate(groups, NEVER_PUBLISHED);
    double weight = Math.min(cap, Math.exp(-drift));
    plain.forEach(
        gradient -> {
          for (int i = 0; i < gradient.length; i++) {
            gradient[i] *= (float) weight;
          }
        });
    assertThat(StepFixture.distance(fixture.trainer.gradients(), plain)).isLessThan(1e-5);
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
  void aLogProbabilityThatIsNotFiniteSkipsTheUpdateAndNamesTheGroup(float poison) {
    List<TrainingGroup> groups = new ArrayList<>(fixture.groups(new Random(6), 0));
    TrainingGroup healthy = groups.getFirst();
    TrainingGroup.Sample sample = healthy.samples().getFirst();
    float[] sick = sample.logProbabilities().clone();
    sick[0] = poison;
    TrainingGroup poisoned =
        new TrainingGroup(
            "sick",
            healthy.promptTokens(),
            List.of(new TrainingGroup.Sample(sample.tokens(), sick, true, 1, false, SAMPLED_BY)));
    groups.add(poisoned);
    assertSkipped(drpo(), groups, "a log-probability is not finite", List.of(poisoned));
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY})
  void anObjectiveThatIsNotFiniteSkipsTheUpdate(double poison) {
    List<TrainingGroup> groups = fixture.groups(new Random(6), 0);
    assertChangeSkipped(
        evaluation -> new Objective.Evaluation(poison, evaluation.tokenWeights(), 0),
        groups,
        "the objective is not finite",
        groups);
    assertChangeSkipped(
        evaluation -> {
          evaluation.tokenWeights()[0][0][0] = poison;
          return evaluation;
        },
        groups,
        "the objective is not finite",
        List.of(groups.getFirst()));
  }

  /** Finite weights whose products overflow fp32. */
  @Test
  void aGradientThatIsNotFiniteSkipsTheUpdate() {
    List<TrainingGroup> groups = fixture.groups(new Random(6), 0);
    MiniBatchUpdate.Result result =
        assertChangeSkipped(
            evaluation -> {
              for (double[] weights : evaluation.tokenWeights()[0]) {
                Arrays.fill(weights, 3e38);
              }
              return evaluation;
            },
            groups,
            "the gradient's norm is",
            groups);
    assertThat(result.objective()).isFinite();
  }

  private MiniBatchUpdate.Result assertChangeSkipped(
      UnaryOperator<Objective.Evaluation> change,
      List<TrainingGroup> groups,
      String reason,
      List<TrainingGroup> named) {
    return assertSkipped(
        (List<Group> all) -> change.apply(drpo().evaluate(all)), groups, reason, named);
  }

  private MiniBatchUpdate.Result assertSkipped(
      Objective objective, List<TrainingGroup> groups, String reason, List<TrainingGroup> named) {
    float[] before = fixture.logProbabilities(new int[] {1}, new int[] {2, 3});
    long steps = fixture.trainer.optimizerSteps();
    MiniBatchUpdate.Result result =
        update(objective, 64, 0).apply(groups, AS_SAMPLED, Old.GIVEN, ADAM);
    assertThat(result.outcome())
        .isInstanceOfSatisfying(
            Outcome.Skipped.class,
            skipped -> {
              assertThat(skipped.reason()).startsWith(reason);
              assertThat(skipped.groups()).isEqualTo(named);
            });
    assertThat(fixture.trainer.optimizerSteps()).isEqualTo(steps);
    assertThat(fixture.logProbabilities(new int[] {1}, new int[] {2, 3})).isEqualTo(before);
    MiniBatchUpdate.Result next =
        update(drpo(), 64, 0).apply(fixture.groups(new Random(7), 0), AS_SAMPLED, Old.GIVEN, ADAM);
    assertThat(next.outcome()).isInstanceOf(Outcome.Applied.class);
    return result;
  }

  private static Drpo drpo() {
    return new Drpo(BUDGET, 0.1, 10, 1e-4, 1e3);
  }

  private MiniBatchUpdate update(Objective objective, int tokensPerMicroBatch, int retained) {
    return new MiniBatchUpdate(
        fixture.trainer, objective, StepFixture.settings(tokensPerMicroBatch, retained));
  }

  /** The objective with one weight moved; the objective itself is checked by its own tests. */
  private double objectiveWith(String name, int element, double by, List<TrainingGroup> groups)
      throws IOException {
    Path file = folder.resolve("moved.safetensors");
    try (SafetensorsFile original = SafetensorsFile.open(fixture.weights)) {
      SafetensorsWriter.write(
          file,
          List.copyOf(original.tensors()),
          tensor -> {
            ByteBuffer bytes =
                ByteBuffer.allocate((int) tensor.bytes()).order(ByteOrder.LITTLE_ENDIAN);
            bytes.put(original.data(tensor.name()).asByteBuffer()).flip();
            if (tensor.name().equals(name)) {
              bytes.putFloat(4 * element, (float) (bytes.getFloat(4 * element) + by));
            }
            return bytes;
          });
    }
    try (PolicyTrainer moved = fixture.load(file, 1)) {
      return new MiniBatchUpdate(moved, drpo(), StepFixture.settings(EVERYTHING, 0))
          .accumulate(groups, NEVER_PUBLISHED)
          .objective();
    }
  }

  private static int indexOf(List<PolicyLayout.Weight> layout, String name) {
    for (int i = 0; i < layout.size(); i++) {
      if (layout.get(i).parts().getFirst().name().equals(name)) {
        return i;
      }
    }
    throw new AssertionError(name + " is not the first part of a weight");
  }

  private static int elements(List<PolicyLayout.Weight> layout, String name) {
    return layout.get(indexOf(layout, name)).parts().getFirst().shape().stream()
        .mapToInt(Math::toIntExact)
        .reduce(1, (a, b) -> a * b);
  }

  private static int largest(float[] values, int among) {
    int largest = 0;
    for (int i = 1; i < among; i++) {
      if (Math.abs(values[i]) > Math.abs(values[largest])) {
        largest = i;
      }
    }
    return largest;
  }
}
