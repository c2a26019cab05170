package dev.drpo.learner.step;

import dev.drpo.objectives.Group;
import dev.drpo.objectives.Objective;
import dev.drpo.objectives.Response;
import dev.drpo.policy.trainer.ForwardPass;
import dev.drpo.policy.trainer.MicroBatch;
import dev.drpo.policy.trainer.PolicyTrainer;
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
  private final Objective objective;
  private final UpdateSettings settings;

  /** Sets what stays the same for all mini-batches. */
  public MiniBatchUpdate(PolicyTrainer trainer, Objective objective, UpdateSettings settings) {
    this.trainer = trainer;
    this.objective = objective;
    this.settings = settings;
  }

  /**
   * What an update found and did.
   *
   * @param objective value before the step; NaN where log-probabilities are not finite
   * @param divergence KL(old || current) before the step; NaN likewise
   * @param gap between sampled and current log-probabilities, over the samples of the present
   *     weights
   */
  public record Result(
      double objective, double divergence, LogProbabilityGap gap, Outcome outcome) {}

  /**
   * Updates the policy.
   *
   * @param presentStep step of the version that the weights are as they are now; empty if they are
   *     those of no version
   */
  public Result apply(
      List<TrainingGroup> groups, OptionalLong presentStep, PolicyTrainer.AdamW optimizer) {
    Gradient gradient = accumulate(groups, presentStep);
    Outcome outcome =
        gradient.skipped().isPresent() ? gradient.skipped().get() : step(groups, optimizer);
    return new Result(gradient.objective(), gradient.divergence(), gradient.gap(), outcome);
  }

  private Outcome step(List<TrainingGroup> groups, PolicyTrainer.AdamW optimizer) {
    double norm = trainer.optimize(optimizer);
    return Double.isFinite(norm)
        ? new Outcome.Applied(norm)
        : new Outcome.Skipped("the gradient's norm is " + norm, groups);
  }

  /**
   * Computes the log-probabilities of samples under the present weights, for updates that start
   * from them.
   *
   * @return the same groups, with these as their old log-probabilities
   */
  public List<TrainingGroup> recomputeOld(List<TrainingGroup> groups) {
    List<SampleSlot> slots = SampleSlot.of(groups);
    List<List<SampleSlot>> cuts = cut(slots);
    scatter(trainer.logProbabilities(microBatches(cuts), settings.temperature()), cuts);
    List<List<TrainingGroup.Sample>> samples = new ArrayList<>();
    groups.forEach(group -> samples.add(new ArrayList<>()));
    slots.forEach(slot -> samples.get(slot.group).add(slot.source.withOld(slot.current)));
    List<TrainingGroup> recomputed = new ArrayList<>();
    for (int g = 0; g < groups.size(); g++) {
      TrainingGroup group = groups.get(g);
      recomputed.add(new TrainingGroup(group.prompt(), group.promptTokens(), samples.get(g)));
    }
    return recomputed;
  }

  /** What the gradient was taken of, or why it could not be. */
  record Gradient(
      double objective,
      double divergence,
      LogProbabilityGap gap,
      Optional<Outcome.Skipped> skipped) {}

  /** Accumulates the gradient of the negated objective and leaves the policy as it is. */
  Gradient accumulate(List<TrainingGroup> groups, OptionalLong presentStep) {
    List<SampleSlot> slots = SampleSlot.of(groups);
    List<List<SampleSlot>> cuts = cut(slots);
    List<MicroBatch> batches = microBatches(cuts);
    trainer.zeroGradients();
    if (trainer.mostTokensOfADevice(batches) > settings.retainedTokens()) {
      scatter(trainer.logProbabilities(batches, settings.temperature()), cuts);
      Weighed weighed = weigh(groups, slots);
      if (weighed.skipped().isEmpty()) {
        trainer.accumulate(batches, descent(weighed, cuts), settings.temperature());
      }
      return gradient(weighed, slots, presentStep);
    }
    try (ForwardPass pass = trainer.forward(batches, settings.temperature())) {
      scatter(pass.logProbabilities(), cuts);
      Weighed weighed = weigh(groups, slots);
      if (weighed.skipped().isEmpty()) {
        pass.backward(descent(weighed, cuts));
      }
      return gradient(weighed, slots, presentStep);
    }
  }

  /** The objective's view of the mini-batch, if all numbers are finite. */
  private record Weighed(Objective.Evaluation evaluation, Optional<Outcome.Skipped> skipped) {}

  private Weighed weigh(List<TrainingGroup> groups, List<SampleSlot> slots) {
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
          skipped("a log-probability is not finite", groups, bad));
    }
    Objective.Evaluation evaluation = objective.evaluate(objectiveGroups(groups, slots));
    for (int g = 0; g < groups.size(); g++) {
      if (!Stream.of(evaluation.tokenWeights()[g]).allMatch(MiniBatchUpdate::finite)) {
        bad.add(g);
      }
    }
    boolean finite = bad.isEmpty() && Double.isFinite(evaluation.value());
    return new Weighed(
        evaluation,
        finite ? Optional.empty() : skipped("the objective is not finite", groups, bad));
  }

  private static Optional<Outcome.Skipped> skipped(
      String reason, List<TrainingGroup> groups, SortedSet<Integer> bad) {
    return Optional.of(
        new Outcome.Skipped(
            reason, bad.isEmpty() ? groups : bad.stream().map(groups::get).toList()));
  }

  private static List<Group> objectiveGroups(List<TrainingGroup> groups, List<SampleSlot> slots) {
    List<List<Response>> responses = new ArrayList<>();
    for (int g = 0; g < groups.size(); g++) {
      responses.add(new ArrayList<>());
    }
    for (SampleSlot slot : slots) {
      responses
          .get(slot.group)
          .add(
              new Response(
                  slot.source.correct(), slot.source.reward(), slot.source.old(), slot.current));
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
        for (int t = 0; t < weights.length; t++) {
          double correction =
              settings.importanceCap() == 0
                  ? 1
                  : slot.source.importance(t, settings.importanceCap());
          flat[at++] = (float) (-weights[t] * correction);
        }
      }
      descent.add(flat);
    }
    return descent;
  }

  private static Gradient gradient(
      Weighed weighed, List<SampleSlot> slots, OptionalLong presentStep) {
    LogProbabilityGap.Measure gap = new LogProbabilityGap.Measure();
    for (SampleSlot slot : slots) {
      if (presentStep.equals(OptionalLong.of(slot.source.sampledBy().step()))) {
        gap.add(slot.source.logProbabilities(), slot.current);
      }
    }
    return new Gradient(
        weighed.evaluation().value(),
        weighed.evaluation().divergence(),
        gap.result(),
        weighed.skipped());
  }

  private List<List<SampleSlot>> cut(List<SampleSlot> slots) {
    return SampleSlot.cut(slots, settings.tokensPerMicroBatch(), settings.workers());
  }

  private static List<MicroBatch> microBatches(List<List<SampleSlot>> cuts) {
    return cuts.stream().map(SampleSlot::microBatch).toList();
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
