package dev.drpo.learner.step;

import dev.drpo.learner.objective.Group;
import dev.drpo.learner.objective.Objective;
import dev.drpo.learner.objective.Response;
import dev.drpo.policy.MicroBatch;
import dev.drpo.policy.PolicyTrainer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * One optimizer step on one mini-batch. The objective sees the whole mini-batch, so that the update
 * does not depend on how the passes are cut into micro-batches: log-probabilities are computed
 * first, the objective turns them into token weights, and the backward passes apply those.
 *
 * <p>A mini-batch that fits {@code retainedTokens} keeps its activations between the two; a larger
 * one computes the forward pass again before each backward pass.
 */
public final class MiniBatchUpdate {
  private final PolicyTrainer trainer;
  private final Objective objective;
  private final PolicyTrainer.AdamW optimizer;
  private final double temperature;
  private final int tokensPerMicroBatch;
  private final int retainedTokens;

  /**
   * Sets what stays the same for all mini-batches.
   *
   * @param temperature the sampling temperature, which divides the logits
   * @param tokensPerMicroBatch padded tokens of one pass
   * @param retainedTokens padded tokens whose activations may be kept at once
   */
  public MiniBatchUpdate(
      PolicyTrainer trainer,
      Objective objective,
      PolicyTrainer.AdamW optimizer,
      double temperature,
      int tokensPerMicroBatch,
      int retainedTokens) {
    this.trainer = trainer;
    this.objective = objective;
    this.optimizer = optimizer;
    this.temperature = temperature;
    this.tokensPerMicroBatch = tokensPerMicroBatch;
    this.retainedTokens = retainedTokens;
  }

  /**
   * What an update did.
   *
   * @param objective value before the step
   * @param divergence KL(old || current) before the step
   * @param gradientNorm global norm before clipping; not finite if the step was skipped
   * @param largestGap largest difference between a token's old and current log-probability, over
   *     the samples of the present weights; NaN without such samples
   */
  public record Result(
      double objective, double divergence, double gradientNorm, double largestGap) {}

  /**
   * Updates the policy.
   *
   * @param presentPolicyStep version of the weights as they are, or negative if no version has them
   */
  public Result apply(List<TrainingGroup> groups, long presentPolicyStep) {
    Result evaluated = accumulate(groups, presentPolicyStep);
    double norm = trainer.optimize(optimizer);
    return new Result(evaluated.objective(), evaluated.divergence(), norm, evaluated.largestGap());
  }

  /** Accumulates the gradient of the negated objective and leaves the policy as it is. */
  Result accumulate(List<TrainingGroup> groups, long presentPolicyStep) {
    List<Slot> slots = slots(groups);
    List<List<Slot>> cuts = cut(slots);
    long padded = cuts.stream().mapToLong(MiniBatchUpdate::paddedTokens).sum();
    trainer.zeroGradients();
    Objective.Evaluation evaluation =
        padded <= retainedTokens ? onePass(groups, cuts) : twoPasses(groups, cuts);
    return new Result(
        evaluation.value(),
        evaluation.divergence(),
        Double.NaN,
        largestGap(slots, presentPolicyStep));
  }

  private Objective.Evaluation onePass(List<TrainingGroup> groups, List<List<Slot>> cuts) {
    List<PolicyTrainer.Forward> forwards = new ArrayList<>();
    try {
      for (List<Slot> cut : cuts) {
        PolicyTrainer.Forward forward = trainer.forward(microBatch(cut), temperature);
        forwards.add(forward);
        scatter(forward.logProbabilities(), cut);
      }
      Objective.Evaluation evaluation = evaluate(groups, cuts);
      for (int i = 0; i < cuts.size(); i++) {
        forwards.get(i).backward(descent(evaluation, cuts.get(i)));
      }
      return evaluation;
    } finally {
      forwards.forEach(PolicyTrainer.Forward::close);
    }
  }

  private Objective.Evaluation twoPasses(List<TrainingGroup> groups, List<List<Slot>> cuts) {
    for (List<Slot> cut : cuts) {
      scatter(trainer.logProbabilities(microBatch(cut), temperature), cut);
    }
    Objective.Evaluation evaluation = evaluate(groups, cuts);
    for (List<Slot> cut : cuts) {
      try (PolicyTrainer.Forward forward = trainer.forward(microBatch(cut), temperature)) {
        forward.backward(descent(evaluation, cut));
      }
    }
    return evaluation;
  }

  /** A sample's place in the mini-batch, and its current log-probabilities once they are known. */
  private static final class Slot {
    final int group;
    final int sample;
    final MicroBatch.Sequence sequence;
    final TrainingGroup.Sample source;
    float[] current = {};

    Slot(int group, int sample, TrainingGroup owner) {
      this.group = group;
      this.sample = sample;
      this.source = owner.samples().get(sample);
      this.sequence = new MicroBatch.Sequence(owner.promptTokens(), source.tokens());
    }
  }

  private static List<Slot> slots(List<TrainingGroup> groups) {
    List<Slot> slots = new ArrayList<>();
    for (int g = 0; g < groups.size(); g++) {
      for (int i = 0; i < groups.get(g).samples().size(); i++) {
        slots.add(new Slot(g, i, groups.get(g)));
      }
    }
    return slots;
  }

  /** Sequences of similar length share a micro-batch, so that little is padded. */
  private List<List<Slot>> cut(List<Slot> slots) {
    List<Slot> byLength = new ArrayList<>(slots);
    byLength.sort(Comparator.comparingInt(slot -> slot.sequence.fed()));
    List<List<Slot>> cuts = new ArrayList<>();
    List<Slot> open = new ArrayList<>();
    for (Slot slot : byLength) {
      if (!open.isEmpty() && (open.size() + 1L) * slot.sequence.fed() > tokensPerMicroBatch) {
        cuts.add(open);
        open = new ArrayList<>();
      }
      open.add(slot);
    }
    cuts.add(open);
    return cuts;
  }

  private static long paddedTokens(List<Slot> cut) {
    return (long) cut.size() * cut.getLast().sequence.fed();
  }

  private static MicroBatch microBatch(List<Slot> cut) {
    return MicroBatch.of(cut.stream().map(slot -> slot.sequence).toList());
  }

  private static void scatter(float[] flat, List<Slot> cut) {
    int at = 0;
    for (Slot slot : cut) {
      int length = slot.source.tokens().length;
      slot.current = Arrays.copyOfRange(flat, at, at + length);
      at += length;
    }
  }

  private Objective.Evaluation evaluate(List<TrainingGroup> groups, List<List<Slot>> cuts) {
    Response[][] responses = new Response[groups.size()][];
    for (int g = 0; g < responses.length; g++) {
      responses[g] = new Response[groups.get(g).samples().size()];
    }
    for (List<Slot> cut : cuts) {
      for (Slot slot : cut) {
        responses[slot.group][slot.sample] =
            new Response(
                slot.source.correct(),
                slot.source.reward(),
                slot.source.logProbabilities(),
                slot.current);
      }
    }
    return objective.evaluate(
        IntStream.range(0, responses.length)
            .mapToObj(g -> new Group(groups.get(g).prompt(), Arrays.asList(responses[g])))
            .toList());
  }

  /** Token weights in a micro-batch's order, negated because the optimizer descends. */
  private static float[] descent(Objective.Evaluation evaluation, List<Slot> cut) {
    float[] flat = new float[cut.stream().mapToInt(slot -> slot.current.length).sum()];
    int at = 0;
    for (Slot slot : cut) {
      for (double weight : evaluation.tokenWeights()[slot.group][slot.sample]) {
        flat[at++] = (float) -weight;
      }
    }
    return flat;
  }

  private static double largestGap(List<Slot> slots, long presentPolicyStep) {
    double gap = Double.NaN;
    for (Slot slot : slots) {
      if (slot.source.policyStep() == presentPolicyStep) {
        for (int t = 0; t < slot.current.length; t++) {
          double difference = Math.abs(slot.current[t] - slot.source.logProbabilities()[t]);
          gap = Double.isNaN(gap) ? difference : Math.max(gap, difference);
        }
      }
    }
    return gap;
  }
}
