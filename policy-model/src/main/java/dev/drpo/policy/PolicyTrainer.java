package dev.drpo.policy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import dev.drpo.policy.safetensors.ElementType;
import dev.drpo.policy.safetensors.Safetensors;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Differentiates and updates a policy. Any objective whose gradient is a weighted sum of the
 * gradients of token log-probabilities fits: the caller turns log-probabilities into weights, in
 * plain Java. One thread may use it, which must be prepared for the tensor engine.
 */
public final class PolicyTrainer implements AutoCloseable {
  private static final String FIRST_MOMENT = "exp_avg.";
  private static final String SECOND_MOMENT = "exp_avg_sq.";

  private final Decoder decoder;
  private final TrainerOptions options;
  private final List<TrainingWorker> workers = new ArrayList<>();
  private final WorkerTeam team;
  private final List<NDArray> firstMoments;
  private final List<NDArray> secondMoments;
  private final List<NDArray> counts;

  /** AdamW (arXiv 1711.05101) with clipping to a global gradient norm. */
  public record AdamW(
      double learningRate,
      double beta1,
      double beta2,
      double epsilon,
      double weightDecay,
      double maxGradientNorm) {}

  /**
   * Starts with zero moments, in fp32 on one thread.
   *
   * @param decoder the policy; the trainer owns it from now on
   */
  public PolicyTrainer(Decoder decoder) {
    this(decoder, TrainerOptions.DEFAULT);
  }

  /**
   * Starts with zero moments.
   *
   * @param decoder the policy in fp32; the trainer owns it from now on
   */
  public PolicyTrainer(Decoder decoder, TrainerOptions options) {
    if (decoder.type() != ElementType.F32) {
      throw new IllegalArgumentException(
          "a trainer needs a decoder with F32 weights, not "
              + decoder.type()
              + "; TrainerOptions.compute makes it compute in BF16");
    }
    this.decoder = decoder;
    this.options = options;
    this.firstMoments = zeros(ElementType.F32);
    this.secondMoments = zeros(ElementType.F32);
    this.counts =
        decoder.weights().stream().map(w -> decoder.manager().zeros(new Shape())).toList();
    List<NDArray> computeWeights =
        options.compute() == ElementType.F32 ? decoder.weights() : zeros(options.compute());
    for (int i = 0; i < options.workers(); i++) {
      workers.add(new TrainingWorker(i == 0 ? decoder : decoder.twin(), computeWeights, options));
    }
    this.team = new WorkerTeam(options.workers());
    decoder.script().run("optimizer_mode", firstMoments, secondMoments, counts);
    roundWeights();
  }

  private List<NDArray> zeros(ElementType type) {
    return decoder.weights().stream()
        .map(weight -> decoder.zeros(weight.getShape().getShape(), type))
        .toList();
  }

  private void roundWeights() {
    if (options.compute() != ElementType.F32) {
      decoder.script().run("round_weights");
    }
  }

  /** Runs the forward passes and keeps what {@link ForwardPass#backward} needs. */
  public ForwardPass forward(List<MicroBatch> batches, double temperature) {
    return new ForwardPass(this, batches, temperature);
  }

  /** Runs the forward passes only: one natural logarithm per response token, by micro-batch. */
  public List<float[]> logProbabilities(List<MicroBatch> batches, double temperature) {
    float[][] found = new float[batches.size()][];
    run(
        assign(batches),
        (i, worker) -> found[i] = worker.logProbabilities(batches.get(i), temperature));
    return Arrays.asList(found);
  }

  /**
   * Adds the gradient of the sum of coefficients times log-probabilities to the accumulated
   * gradients, and keeps the activations of one micro-batch per worker at a time.
   *
   * @param coefficients one per response token, by micro-batch
   */
  public void accumulate(List<MicroBatch> batches, List<float[]> coefficients, double temperature) {
    requireFit(batches, coefficients);
    run(
        assign(batches),
        (i, worker) -> {
          try (TrainingWorker.Pass pass = worker.forward(batches.get(i), temperature)) {
            pass.backward(coefficients.get(i));
          }
        });
    gather();
  }

  static void requireFit(List<MicroBatch> batches, List<float[]> coefficients) {
    for (int i = 0; i < batches.size(); i++) {
      int tokens = batches.get(i).responseTokens();
      if (coefficients.get(i).length != tokens) {
        throw new IllegalArgumentException(
            coefficients.get(i).length + " coefficients for " + tokens + " response tokens");
      }
    }
  }

  /** The worker of each micro-batch. */
  int[] assign(List<MicroBatch> batches) {
    return team.assign(batches.stream().mapToInt(MicroBatch::tokens).toArray());
  }

  /** What a worker does with the micro-batch of an index. */
  interface Work {
    void with(int index, TrainingWorker worker);
  }

  void run(int[] worker, Work work) {
    team.run(worker, i -> work.with(i, workers.get(worker[i])));
  }

  /** Adds the workers' gradients to the first one's, always in the same order. */
  void gather() {
    for (TrainingWorker worker : workers.subList(1, workers.size())) {
      decoder.script().run("add_gradients", worker.gradients());
    }
  }

  public void zeroGradients() {
    decoder.script().run("zero_gradients");
  }

  /** The accumulated gradients, one flat array per decoder weight, in the layout's order. */
  public List<float[]> gradients() {
    return workers.getFirst().gradients().stream().map(NDArray::toFloatArray).toList();
  }

  /**
   * Takes one step that descends along the accumulated gradients.
   *
   * @return their global norm before clipping; if it is not finite, nothing was changed
   */
  public double optimize(AdamW settings) {
    double norm =
        decoder
            .script()
            .real(
                "optimize",
                settings.learningRate(),
                settings.beta1(),
                settings.beta2(),
                settings.epsilon(),
                settings.weightDecay(),
                settings.maxGradientNorm());
    roundWeights();
    return norm;
  }

  /** Steps that the optimizer has taken. */
  public long optimizerSteps() {
    return (long) counts.getFirst().getFloat();
  }

  /**
   * Writes the optimizer's moments in fp32.
   *
   * @throws IOException if the file can't be written; an older file is intact
   */
  public void saveMoments(Path file) throws IOException {
    decoder.saveAs(
        file, ElementType.F32, Map.of(FIRST_MOMENT, firstMoments, SECOND_MOMENT, secondMoments));
  }

  /** Restores what {@link #saveMoments} wrote after {@code optimizerSteps} steps. */
  public void restoreMoments(Safetensors file, long optimizerSteps) {
    decoder.fill(firstMoments, file, FIRST_MOMENT);
    decoder.fill(secondMoments, file, SECOND_MOMENT);
    counts.forEach(count -> count.set(new float[] {optimizerSteps}));
  }

  /** The policy. */
  public Decoder decoder() {
    return decoder;
  }

  @Override
  public void close() {
    team.close();
    workers.subList(1, workers.size()).forEach(TrainingWorker::close);
    decoder.close();
  }
}
