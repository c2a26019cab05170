package dev.drpo.policy.sft;

import dev.drpo.policy.trainer.ForwardPass;
import dev.drpo.policy.trainer.MicroBatch;
import dev.drpo.policy.trainer.MicroBatch.Sequence;
import dev.drpo.policy.trainer.PolicyTrainer;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * Teaches a policy the responses of sequences: each step descends along the gradient of their mean
 * negative log-likelihood given their prompts, whose own tokens are not learned.
 *
 * <p>The weights after a number of steps are a function of the first weights, the curriculum, the
 * settings, the packing and the tensor engine's threads, on processors of one kind. All that a
 * training remembers beside them is in the trainer, whose number of steps is the place in the
 * curriculum. One thread may use it, which must be prepared for the tensor engine.
 */
public final class FineTuning {
  private final PolicyTrainer trainer;
  private final Curriculum curriculum;
  private final Settings settings;
  private SequenceStream stream;
  private int stageOfStream = -1;

  /** What holds for every step. */
  public record Settings(
      Weighing weighing, OptimizerSettings optimizer, Packing packing, long seed) {}

  /**
   * What a step did.
   *
   * @param step the number of steps taken so far
   * @param loss negative log-likelihood of a response token, in nats, weighed, before the step
   * @param gradientNorm before clipping
   * @param tokens response tokens learned from
   * @param fed tokens computed, prompts included
   */
  public record StepResult(
      int step,
      String stage,
      double loss,
      double gradientNorm,
      double learningRate,
      int sequences,
      long tokens,
      long fed) {}

  /**
   * Begins a curriculum, or goes on in it where the trainer's steps end.
   *
   * @param trainer stays the caller's to close
   */
  public FineTuning(PolicyTrainer trainer, Curriculum curriculum, Settings settings) {
    this.trainer = trainer;
    this.curriculum = curriculum;
    this.settings = settings;
  }

  /** Steps taken so far. */
  public int stepsTaken() {
    return Math.toIntExact(trainer.optimizerSteps());
  }

  /** Whether the curriculum is at its end. */
  public boolean finished() {
    return stepsTaken() >= curriculum.steps();
  }

  /**
   * Takes the next step.
   *
   * @throws InterruptedException if the thread was interrupted before it
   * @throws DivergedException if the gradient is not finite
   */
  public StepResult step() throws InterruptedException {
    checkInterrupt();
    Curriculum.Step step = curriculum.at(stepsTaken());
    List<Sequence> batch = draw(step);
    ToDoubleFunction<Sequence> weights = settings.weighing().over(batch);
    trainer.zeroGradients();
    double loss = 0;
    for (List<List<Sequence>> round : settings.packing().rounds(batch)) {
      loss += accumulate(round, weights);
    }
    double norm = trainer.optimize(settings.optimizer().at(step.learningRate()));
    if (!Double.isFinite(norm)) {
      throw new DivergedException(stepsTaken() + 1, norm);
    }
    return new StepResult(
        stepsTaken(),
        step.stage().name(),
        loss,
        norm,
        step.learningRate(),
        batch.size(),
        batch.stream().mapToLong(sequence -> sequence.response().length).sum(),
        batch.stream().mapToLong(Sequence::fed).sum());
  }

  private List<Sequence> draw(Curriculum.Step step) {
    if (stageOfStream != step.stageNumber()) {
      stream = new SequenceStream(step.stage().mixture(), settings.seed(), step.stageNumber());
      stream.skip(step.drawnBefore());
      stageOfStream = step.stageNumber();
    }
    return Stream.generate(stream::next).limit(step.batch()).toList();
  }

  /** Adds the gradient of some passes to the trainer's. */
  private double accumulate(List<List<Sequence>> round, ToDoubleFunction<Sequence> weights) {
    List<float[]> descent = round.stream().map(pass -> descent(pass, weights)).toList();
    try (ForwardPass forward = trainer.forward(microBatches(round), 1.0)) {
      double loss = loss(round, weights, forward.logProbabilities());
      forward.backward(descent);
      return loss;
    }
  }

  private static List<MicroBatch> microBatches(List<List<Sequence>> round) {
    return round.stream().map(MicroBatch::of).toList();
  }

  /** The loss's derivative with respect to each token's log-probability. */
  private static float[] descent(List<Sequence> pass, ToDoubleFunction<Sequence> weights) {
    float[] coefficients =
        new float[pass.stream().mapToInt(sequence -> sequence.response().length).sum()];
    int from = 0;
    for (Sequence sequence : pass) {
      int to = from + sequence.response().length;
      Arrays.fill(coefficients, from, to, (float) -weights.applyAsDouble(sequence));
      from = to;
    }
    return coefficients;
  }

  private static double loss(
      List<List<Sequence>> round,
      ToDoubleFunction<Sequence> weights,
      List<float[]> logProbabilities) {
    double loss = 0;
    for (int pass = 0; pass < round.size(); pass++) {
      int at = 0;
      for (Sequence sequence : round.get(pass)) {
        double sum = 0;
        for (int i = 0; i < sequence.response().length; i++) {
          sum += logProbabilities.get(pass)[at++];
        }
        loss -= weights.applyAsDouble(sequence) * sum;
      }
    }
    return loss;
  }

  /**
   * The loss of sequences that are not learned from, as if they were one batch.
   *
   * @throws InterruptedException if the thread was interrupted
   */
  public double loss(List<Sequence> sequences) throws InterruptedException {
    ToDoubleFunction<Sequence> weights = settings.weighing().over(sequences);
    double loss = 0;
    for (List<List<Sequence>> round : settings.packing().rounds(sequences)) {
      checkInterrupt();
      loss += loss(round, weights, trainer.logProbabilities(microBatches(round), 1.0));
    }
    return loss;
  }

  /** Between passes only: libtorch can't be stopped within an operation. */
  private void checkInterrupt() throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException("interrupted after step " + stepsTaken());
    }
  }
}
