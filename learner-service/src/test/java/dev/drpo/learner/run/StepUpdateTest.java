package dev.drpo.learner.run;

import static dev.drpo.learner.step.StepFixture.BUDGET;
import static dev.drpo.learner.step.StepFixture.EVERYTHING;
import static dev.drpo.learner.step.StepFixture.SAMPLED_BY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.common.collect.Lists;
import dev.drpo.learner.step.Importance;
import dev.drpo.learner.step.LogProbabilityGap;
import dev.drpo.learner.step.MiniBatchUpdate;
import dev.drpo.learner.step.Outcome;
import dev.drpo.learner.step.Passes;
import dev.drpo.learner.step.StepFixture;
import dev.drpo.learner.step.TrainingGroup;
import dev.drpo.learner.step.UpdateSettings;
import dev.drpo.policy.safetensors.ElementType;
import dev.drpo.policy.trainer.ForwardPass;
import dev.drpo.policy.trainer.MicroBatch;
import dev.drpo.policy.trainer.PolicyTrainer;
import dev.drpo.policy.trainer.TokenScores;
import dev.drpo.runtime.config.ConfigLoader;
import dev.drpo.runtime.config.RunConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StepUpdateTest {
  private static final int MINI_BATCHES = 3;
  private static final long STEP = SAMPLED_BY.step();

  @TempDir Path folder;
  private StepFixture fixture;
  private List<TrainingGroup> groups;

  @BeforeEach
  void open() throws IOException {
    fixture = new StepFixture(folder);
    Random random = new Random(12);
    groups = new ArrayList<>();
    while (groups.size() < 2 * MINI_BATCHES) {
      groups.addAll(fixture.groups(random, 0.02));
    }
    groups = List.copyOf(groups.subList(0, 2 * MINI_BATCHES));
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  /** Counts response tokens by what is done with them. */
  private static final class Counted implements Passes {
    private final Passes passes;
    private long alone;
    private long retained;
    private long again;

    Counted(PolicyTrainer trainer) {
      passes = Passes.of(trainer, StepFixture.TEMPERATURE);
    }

    @Override
    public List<float[]> logProbabilities(List<MicroBatch> batches) {
      alone += tokens(batches);
      return passes.logProbabilities(batches);
    }

    @Override
    public List<TokenScores> scores(List<MicroBatch> batches) {
      alone += tokens(batches);
      return passes.scores(batches);
    }

    @Override
    public ForwardPass forward(List<MicroBatch> batches) {
      retained += tokens(batches);
      return passes.forward(batches);
    }

    @Override
    public void accumulate(List<MicroBatch> batches, List<float[]> coefficients) {
      again += tokens(batches);
      passes.accumulate(batches, coefficients);
    }

    private static long tokens(List<MicroBatch> batches) {
      return batches.stream().mapToLong(MicroBatch::responseTokens).sum();
    }
  }

  @Test
  void onlyMiniBatchesAfterTheFirstHaveAPassThatComesBefore() {
    long all = tokens(groups);
    long first = tokens(groups.subList(0, 2));
    Counted keeps = new Counted(fixture.trainer);
    learn(recomputing(Map.of()), fixture.trainer, keeps, EVERYTHING);
    assertThat(keeps.retained).isEqualTo(all);
    assertThat(keeps.alone).isEqualTo(all - first);
    assertThat(keeps.again).isZero();

    Counted twice = new Counted(fixture.trainer);
    learn(recomputing(Map.of()), fixture.trainer, twice, 0);
    assertThat(twice.retained).isZero();
    assertThat(twice.alone).isEqualTo(all - first + all);
    assertThat(twice.again).isEqualTo(all);
  }

  /** Against a pass over every mini-batch before the first update, the first one's included. */
  @ParameterizedTest
  @ValueSource(ints = {0, EVERYTHING})
  void theStepIsThatWithEveryPassComingBeforeBitForBit(int retained) throws IOException {
    for (String cap : List.of("0", "2")) {
      RunConfig config = recomputing(Map.of("training.importance-cap", cap));
      StepUpdate.Learned learned;
      Path now = folder.resolve("now");
      try (PolicyTrainer trainer = fixture.load(fixture.weights, 1)) {
        learned = learn(config, trainer, new Counted(trainer), retained);
        trainer.decoder().save(now, ElementType.F32);
      }
      List<MiniBatchUpdate.Result> before = new ArrayList<>();
      Path then = folder.resolve("then");
      try (PolicyTrainer trainer = fixture.load(fixture.weights, 1)) {
        MiniBatchUpdate update =
            new MiniBatchUpdate(
                trainer,
                objective(config),
                new UpdateSettings(
                    StepFixture.TEMPERATURE, 40, retained, 1, Importance.of(config.training())));
        List<List<TrainingGroup>> recomputed =
            Lists.partition(groups, 2).stream().map(update::recomputeOld).toList();
        for (List<TrainingGroup> miniBatch : recomputed) {
          before.add(
              update.apply(
                  miniBatch,
                  before.isEmpty() ? OptionalLong.of(STEP) : OptionalLong.empty(),
                  MiniBatchUpdate.Old.GIVEN,
                  OptimizerSchedule.of(config).at(STEP)));
        }
        trainer.decoder().save(then, ElementType.F32);
      }
      assertThat(now).hasSameBinaryContentAs(then);
      assertThat(learned.results()).usingRecursiveComparison().isEqualTo(before);
    }
  }

  @Test
  void theFirstMiniBatchStartsFromTheLearnersOwnPolicy() {
    StepUpdate.Learned learned =
        learn(recomputing(Map.of()), fixture.trainer, new Counted(fixture.trainer), EVERYTHING);
    assertThat(learned.results().getFirst().divergence()).isZero();
    assertThat(learned.results().getLast().divergence()).isNotZero();
    // The samples' log-probabilities lie 0.02 above the learner's.
    double k3 = Math.exp(-0.02) - 1 + 0.02;
    assertThat(learned.gap().kl()).isBetween(0.99 * k3, 1.01 * k3);
    RunConfig behaviour = config(Map.of("training.old-log-probabilities", "behaviour"));
    StepUpdate.Learned sampled =
        learn(behaviour, fixture.trainer, new Counted(fixture.trainer), EVERYTHING);
    assertThat(sampled.results().getFirst().divergence()).isNotZero();
  }

  /**
   * The samples' policy lies far outside the trust region around the step's own. Were the region
   * around it, the hinge would pull with beta times the distance before anything has moved, and
   * nothing else would be left of a gradient that is clipped.
   */
  @Test
  void staleSamplesDoNotPullAStepBackToThePolicyThatDrewThem() throws IOException {
    double drift = 0.2;
    List<TrainingGroup> fresh = fixture.groups(new Random(21), 0);
    List<TrainingGroup> stale = fixture.groups(new Random(21), drift);
    double asFresh = firstNorm(config(Map.of("training.max-lag", "0")), fresh, STEP);
    double pulled =
        firstNorm(config(Map.of("training.old-log-probabilities", "behaviour")), stale, STEP + 1);
    assertThat(pulled).isGreaterThan(10 * asFresh);
    // Each token counts as often as the step's own policy would have drawn it.
    double importance = Math.exp(-drift);
    assertThat(firstNorm(config(Map.of()), stale, STEP + 1))
        .isCloseTo(importance * asFresh, within(1e-3 * asFresh));
  }

  /** Of the gradient of the first of three mini-batches, all of the same groups. */
  private double firstNorm(RunConfig config, List<TrainingGroup> miniBatch, long step)
      throws IOException {
    groups = Collections.nCopies(MINI_BATCHES, miniBatch).stream().flatMap(List::stream).toList();
    try (PolicyTrainer trainer = fixture.load(fixture.weights, 1)) {
      StepUpdate.Learned learned =
          new StepUpdate(config, trainer, new Counted(trainer), 1, objective(config))
              .learn(groups, step);
      return ((Outcome.Applied) learned.results().getFirst().outcome()).gradientNorm();
    }
  }

  @Test
  void theDivergenceAfterTheStepTakesOnePassOverSomePrompts() {
    Counted off = new Counted(fixture.trainer);
    RunConfig without = config(Map.of("training.max-lag", "0", "training.kl-prompts", "0"));
    assertThat(learn(without, fixture.trainer, off, EVERYTHING).divergence()).isNaN();
    assertThat(off.alone).isZero();

    Counted two = new Counted(fixture.trainer);
    RunConfig with = config(Map.of("training.max-lag", "0", "training.kl-prompts", "2"));
    assertThat(learn(with, fixture.trainer, two, EVERYTHING).divergence()).isPositive();
    assertThat(two.alone).isEqualTo(tokens(List.of(groups.get(0), groups.get(3))));

    Counted all = new Counted(fixture.trainer);
    RunConfig more = config(Map.of("training.max-lag", "0", "training.kl-prompts", "99"));
    learn(more, fixture.trainer, all, EVERYTHING);
    assertThat(all.alone).isEqualTo(tokens(groups));
  }

  @Test
  void theGapIsHeldAgainstTheTrustRegionOrAgainstAnAbsoluteBound() {
    LogProbabilityGap gap = new LogProbabilityGap(0.01, 0.3, 5e-5, 1e-3);
    GapAlarm ofDelta =
        GapAlarm.of(config(Map.of("training.max-lag", "0", "training.gap-alarm-of-delta", "0.4")));
    assertThat(ofDelta.share(gap)).isEqualTo(0.5);
    assertThat(ofDelta.warning(gap))
        .hasValueSatisfying(
            warning ->
                assertThat(warning)
                    .contains("5.00e-05 nats", "0.50 of objective.delta")
                    .contains("set training.old-log-probabilities to recompute"));
    GapAlarm uncorrected =
        GapAlarm.of(
            recomputing(
                Map.of("training.gap-alarm-of-delta", "0.4", "training.importance-cap", "0")));
    assertThat(uncorrected.warning(gap))
        .hasValueSatisfying(
            warning ->
                assertThat(warning)
                    .contains("set training.importance-cap")
                    .doesNotContain("old-log-probabilities"));
    assertThat(GapAlarm.of(config(Map.of("training.gap-alarm-of-delta", "0.6"))).warning(gap))
        .isEmpty();

    GapAlarm absolute =
        GapAlarm.of(config(Map.of("objective.name", "grpo", "training.gap-alarm-nats", "4e-5")));
    assertThat(absolute.share(gap)).isNaN();
    assertThat(absolute.rings(gap)).isTrue();
    assertThat(absolute.rings(LogProbabilityGap.NONE)).isFalse();
    assertThat(GapAlarm.of(config(Map.of("objective.name", "grpo"))).rings(gap)).isFalse();
    assertThat(GapAlarm.of(config(Map.of("objective.delta", "0"))).share(gap)).isNaN();
  }

  private StepUpdate.Learned learn(
      RunConfig config, PolicyTrainer trainer, Passes passes, int retained) {
    Map<String, String> settings = new TreeMap<>(ConfigLoader.toKeys(config));
    settings.put("training.retained-tokens", Integer.toString(retained));
    RunConfig retaining = ConfigLoader.load(null, Map.of(), settings);
    try {
      return new StepUpdate(retaining, trainer, passes, 1, objective(config)).learn(groups, STEP);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static StagedObjective objective(RunConfig config) {
    return new StagedObjective(config);
  }

  private static long tokens(List<TrainingGroup> groups) {
    return groups.stream().mapToLong(TrainingGroup::responseTokens).sum();
  }

  private RunConfig recomputing(Map<String, String> changes) {
    Map<String, String> settings = new TreeMap<>(changes);
    settings.put("training.old-log-probabilities", "recompute");
    settings.putIfAbsent("training.kl-prompts", "0");
    return config(settings);
  }

  private RunConfig config(Map<String, String> changes) {
    Map<String, String> settings = new TreeMap<>();
    settings.put("run.directory", folder.toString());
    settings.put("sampling.temperature", Double.toString(StepFixture.TEMPERATURE));
    settings.put("sampling.max-prompt-tokens", "8");
    settings.put("sampling.max-response-tokens", Integer.toString(BUDGET));
    settings.put("training.prompts-per-step", Integer.toString(2 * MINI_BATCHES));
    settings.put("training.mini-batches-per-step", Integer.toString(MINI_BATCHES));
    settings.put("training.tokens-per-micro-batch", "40");
    settings.put("optimizer.learning-rate", "1e-3");
    settings.putAll(changes);
    return ConfigLoader.load(null, Map.of(), settings);
  }
}
