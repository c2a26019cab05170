package dev.drpo.learner.step;

import dev.drpo.objectives.Divergence;
import dev.drpo.objectives.Group;
import dev.drpo.objectives.Objective;
import dev.drpo.objectives.Response;
import dev.drpo.policy.trainer.ForwardPass;
import dev.drpo.policy.trainer.MicroBatch;
import dev.drpo.policy.trainer.PolicyTrainer;
import dev.drpo.policy.trainer.TokenScores;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * One optimizer step on one mini-batch. The objective sees the whole mini-batch, so that the update
 * does not depend on how the passes are cut into micro-batches: log-probabilities are computed
 * first, the objective turns them into token weights, and the backward passes apply those.
 *
 * <p>A mini-batch of which no device gets more than {@code retainedTokens} keeps its activations
 * between the two; a larger one computes the forward pass again before each backward pass.
 */
public final class MiniBatchUpdate {
  private final PolicyTrainer trainer;
  private final Passes passes;
  private final Objective objective;
  private final Optional<Objective> other;
  private final UpdateSettings settings;

  /** Sets what stays the same for all mini-batches. */
  public MiniBatchUpdate(PolicyTrainer trainer, Objective objective, UpdateSettings settings) {
    this(trainer, Passes.of(trainer, settings.temperature()), objective, settings);
  }

  /** The same with the trainer's passes as somebody watches them. */
  public MiniBatchUpdate(
      PolicyTrainer trainer, Passes passes, Objective objective, UpdateSettings settings) {
    this(trainer, passes, objective, Optional.empty(), settings);
  }

  /**
   * The same beside another objective, which is asked what it would have pushed down and has no
   * part in the update.
   */
  public MiniBatchUpdate(
      PolicyTrainer trainer,
      Passes passes,
      Objective objective,
      Optional<Objective> other,
      UpdateSettings settings) {
    this.trainer = trainer;
    this.passes = passes;
    this.objective = objective;
    this.other = other;
    this.settings = settings;
  }

  /** Which log-probabilities an update starts from. */
  public enum Old {
    /** Those that the samples have. */
    GIVEN,
    /**
     * Those under the present weights, as the update's own forward pass finds them: for these, no
     * pass has to come before it.
     */
    FOUND
  }

  /**
   * What an update found and did.
   *
   * @param groups what it learned from, with the log-probabilities that it started from
   * @param objective value before the step; NaN where log-probabilities are not finite
   * @param divergence KL(old || current) before the step; NaN likewise
   * @param gap between sampled and current log-probabilities, over the samples of the present
   *     weights
   * @param entropy mean over the response tokens of the entropy of the distributions that they are
   *     of, before the step, nats
   * @param pushedDown of the right responses
   * @param weights mean weight of each response's tokens, by group and sample; empty if the
   *     mini-batch was skipped
   * @param leftOut what of its tokens and responses had no part in the update
   */
  public record Result(
      List<TrainingGroup> groups,
      double objective,
      double divergence,
      LogProbabilityGap gap,
      double entropy,
      PushedDown pushedDown,
      double[][] weights,
      LeftOut leftOut,
      Outcome outcome) {}

  /**
   * Updates the policy.
   *
   * @param presentStep step of the version that the weights are as they are now; empty if they are
   *     those of no version
   */
  public Result apply(
      List<TrainingGroup> groups,
      OptionalLong presentStep,
      Old old,
      PolicyTrainer.AdamW optimizer) {
    Gradient gradient = accumulate(groups, presentStep, old);
    Outcome outcome =
        gradient.skipped().isPresent() ? gradient.skipped().get() : step(groups, optimizer);
    return new Result(
        gradient.groups(),
        gradient.objective(),
        gradient.divergence(),
        gradient.gap(),
        gradient.entropy(),
        gradient.pushedDown(),
        gradient.weights(),
        gradient.leftOut(),
        outcome);
  }

  private Outcome step(List<TrainingGroup> groups, PolicyTrainer.AdamW optimizer) {
    double norm = trainer.optimize(optimizer);
    return Double.isFinite(norm)
        ? new Outcome.Applied(norm)
        : new Outcome.Skipped("the gradient's norm is " + norm, groups);
  }

  /**
   * Computes the log-probabilities of a mini-batch under the present weights, for an update that
   * starts from them after others. The passes are cut as the update's own will be, so that the same
   * weights give it the same bits.
   *
   * @return the same groups, with these as their old log-probabilities
   */
  public List<TrainingGroup> recomputeOld(List<TrainingGroup> groups) {
    List<SampleSlot> slots = current(groups);
    slots.forEach(SampleSlot::startFromCurrent);
    return SampleSlot.groups(groups, slots);
  }

  /**
   * KL(old || present weights) over groups, by {@link Divergence#K3}: with few tokens, the
   * objective's own estimator could not tell it from noise.
   *
   * @return nats; NaN where a log-probability is not finite
   */
  public double divergence(List<TrainingGroup> groups) {
    return Divergence.K3.of(objectiveGroups(groups, current(groups)));
  }

  private List<SampleSlot> current(List<TrainingGroup> groups) {
    List<SampleSlot> slots = SampleSlot.of(groups);
    List<List<SampleSlot>> cuts = cut(slots);
    scatter(passes.logProbabilities(microBatches(cuts)), cuts);
    return slots;
  }

  /** What the gradient was taken of, or why it could not be. */
  record Gradient(
      List<TrainingGroup> groups,
      double objective,
      double divergence,
      LogProbabilityGap gap,
      double entropy,
      PushedDown pushedDown,
      double[][] weights,
      LeftOut leftOut,
      Optional<Outcome.Skipped> skipped) {}

  /** The same where samples have the log-probabilities to start from. */
  Gradient accumulate(List<TrainingGroup> groups, OptionalLong presentStep) {
    return accumulate(groups, presentStep, Old.GIVEN);
  }

  /** Accumulates the gradient of the negated objective and leaves the policy as it is. */
  Gradient accumulate(List<TrainingGroup> groups, OptionalLong presentStep, Old old) {
    List<SampleSlot> slots = SampleSlot.of(groups);
    List<List<SampleSlot>> cuts = cut(slots);
    List<MicroBatch> batches = microBatches(cuts);
    trainer.zeroGradients();
    if (trainer.mostTokensOfADevice(batches) > settings.retainedTokens()) {
      double entropy = scatterScores(passes.scores(batches), cuts);
      Weighed weighed = weigh(groups, slots, old, presentStep);
      if (weighed.skipped().isEmpty()) {
        passes.accumulate(batches, descent(weighed, cuts));
      }
      return gradient(groups, weighed, slots, entropy, presentStep);
    }
    try (ForwardPass pass = passes.forward(batches)) {
      double entropy = scatterScores(pass.scores(), cuts);
      Weighed weighed = weigh(groups, slots, old, presentStep);
      if (weighed.skipped().isEmpty()) {
        pass.backward(descent(weighed, cuts));
      }
      return gradient(groups, weighed, slots, entropy, presentStep);
    }
  }

  /** The objective's view of the mini-batch, if all numbers are finite. */
  private record Weighed(
      Objective.Evaluation evaluation, PushedDown pushedDown, Optional<Outcome.Skipped> skipped) {}

  private Weighed weigh(
      List<TrainingGroup> groups, List<SampleSlot> slots, Old old, OptionalLong presentStep) {
    if (old == Old.FOUND) {
      slots.forEach(SampleSlot::startFromCurrent);
    }
    TreeSet<Integer> bad = new TreeSet<>();
    for (SampleSlot slot : slots) {
      if (!finite(slot.current)
          || !finite(slot.source.old())
          || !finite(slot.source.logProbabilities())) {
        bad.add(slot.group);
      }
    }
    if (!bad.isEmpty()) {
      return new Weighed(
          new Objective.Evaluation(Double.NaN, new double[0][][], Double.NaN),
          PushedDown.UNKNOWN,
          skipped("a log-probability is not finite", groups, bad));
    }
    List<Group> seen = objectiveGroups(groups, slots);
    Objective.Evaluation evaluation = objective.evaluate(seen);
    for (int g = 0; g < groups.size(); g++) {
      if (!Stream.of(evaluation.tokenWeights()[g]).allMatch(MiniBatchUpdate::finite)) {
        bad.add(g);
      }
    }
    boolean finite = bad.isEmpty() && Double.isFinite(evaluation.value());
    return new Weighed(
        evaluation,
        finite
            // What is right or wrong at the policy that sampled is of interest, so that the other
            // objective is spared the mini-batches after the first.
            ? PushedDown.of(seen, evaluation, presentStep.isPresent() ? other : Optional.empty())
            : PushedDown.UNKNOWN,
        finite ? Optional.empty() : skipped("the objective is not finite", groups, bad));
  }

  private static Optional<Outcome.Skipped> skipped(
      String reason, List<TrainingGroup> groups, SortedSet<Integer> bad) {
    return Optional.of(
        new Outcome.Skipped(
            reason, bad.isEmpty() ? groups : bad.stream().map(groups::get).toList()));
  }

  private List<Group> objectiveGroups(List<TrainingGroup> groups, List<SampleSlot> slots) {
    List<List<Response>> responses = new ArrayList<>();
    for (int g = 0; g < groups.size(); g++) {
      responses.add(new ArrayList<>());
    }
    for (SampleSlot slot : slots) {
      responses
          .get(slot.group)
          .add(
              new Response(
                  slot.source.correct(),
                  slot.source.reward(),
                  slot.source.truncated(),
                  slot.source.old(),
                  slot.current,
                  settings.importance().of(slot.source),
                  slot.source.tail()));
    }
    return IntStream.range(0, groups.size())
        .mapToObj(g -> new Group(groups.get(g).prompt(), responses.get(g)))
        .toList();
  }

  /** Token weights in the micro-batches' order, negated because the optimizer descends. */
  private List<float[]> descent(Weighed weighed, List<List<SampleSlot>> cuts) {
    List<float[]> descent = new ArrayList<>();
    for (List<SampleSlot> cut : cuts) {
      float[] flat = new float[cut.stream().mapToInt(slot -> slot.current.length).sum()];
      int at = 0;
      for (SampleSlot slot : cut) {
        double[] weights = weighed.evaluation().tokenWeights()[slot.group][slot.sample];
        for (double weight : weights) {
          flat[at++] = (float) -weight;
        }
      }
      descent.add(flat);
    }
    return descent;
  }

  private Gradient gradient(
      List<TrainingGroup> groups,
      Weighed weighed,
      List<SampleSlot> slots,
      double entropy,
      OptionalLong presentStep) {
    LogProbabilityGap.Measure gap = new LogProbabilityGap.Measure();
    for (SampleSlot slot : slots) {
      if (presentStep.equals(OptionalLong.of(slot.source.sampledBy().step()))) {
        gap.add(slot.source.logProbabilities(), slot.current);
      }
    }
    List<TrainingGroup> learned = SampleSlot.groups(groups, slots);
    return new Gradient(
        learned,
        weighed.evaluation().value(),
        weighed.evaluation().divergence(),
        gap.result(),
        entropy,
        weighed.pushedDown(),
        weighed.skipped().isPresent() ? new double[0][] : means(weighed.evaluation()),
        settings.importance().leftOut(learned),
        weighed.skipped());
  }

  private static double[][] means(Objective.Evaluation evaluation) {
    return Stream.of(evaluation.tokenWeights())
        .map(
            group ->
                Stream.of(group)
                    .mapToDouble(weights -> Arrays.stream(weights).average().orElse(Double.NaN))
                    .toArray())
        .toArray(double[][]::new);
  }

  private List<List<SampleSlot>> cut(List<SampleSlot> slots) {
    return SampleSlot.cut(slots, settings.tokensPerMicroBatch(), settings.workers());
  }

  private static List<MicroBatch> microBatches(List<List<SampleSlot>> cuts) {
    return cuts.stream().map(SampleSlot::microBatch).toList();
  }

  /** Shares log-probabilities out, and gives the mean of the entropies beside them. */
  private static double scatterScores(List<TokenScores> scores, List<List<SampleSlot>> cuts) {
    scatter(scores.stream().map(TokenScores::logProbabilities).toList(), cuts);
    double sum = 0;
    long tokens = 0;
    for (TokenScores ofBatch : scores) {
      for (float entropy : ofBatch.entropies()) {
        sum += entropy;
      }
      tokens += ofBatch.entropies().length;
    }
    return sum / tokens;
  }

  private static void scatter(List<float[]> logProbabilities, List<List<SampleSlot>> cuts) {
    for (int i = 0; i < cuts.size(); i++) {
      SampleSlot.scatter(logProbabilities.get(i), cuts.get(i));
    }
  }

  private static boolean finite(float[] values) {
    for (float value : values) {
      if (!Float.isFinite(value)) {
        return false;
      }
    }
    return true;
  }

  private static boolean finite(double[] values) {
    return Arrays.stream(values).allMatch(Double::isFinite);
  }
}
