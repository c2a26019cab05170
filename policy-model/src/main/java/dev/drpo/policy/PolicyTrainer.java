package dev.drpo.policy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.drpo.policy.safetensors.ElementType;
import dev.drpo.policy.safetensors.Safetensors;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Differentiates and updates a policy. Any objective whose gradient is a weighted sum of the
 * gradients of token log-probabilities fits: the caller turns log-probabilities into weights, in
 * plain Java. One thread may use it.
 */
public final class PolicyTrainer implements AutoCloseable {
  private static final String FIRST_MOMENT = "exp_avg.";
  private static final String SECOND_MOMENT = "exp_avg_sq.";

  private final Decoder decoder;
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
   * Starts with zero moments.
   *
   * @param decoder the policy; the trainer owns it from now on
   */
  public PolicyTrainer(Decoder decoder) {
    this.decoder = decoder;
    this.firstMoments = zeros(decoder);
    this.secondMoments = zeros(decoder);
    this.counts =
        decoder.weights().stream().map(w -> decoder.manager().zeros(new Shape())).toList();
    decoder.script().run("train_mode", firstMoments, secondMoments, counts);
  }

  private static List<NDArray> zeros(Decoder decoder) {
    List<NDArray> zeros = new ArrayList<>();
    decoder.weights().forEach(w -> zeros.add(decoder.manager().zeros(w.getShape())));
    return zeros;
  }

  /** Log-probabilities of a micro-batch's response tokens, with or without their graph. */
  public final class Forward implements AutoCloseable {
    private final NDManager step;
    private final NDArray logProbabilities;
    private final int tokens;

    private Forward(MicroBatch batch, double temperature, boolean differentiable) {
      this.step = decoder.manager().newSubManager();
      this.tokens = batch.responseTokens();
      this.logProbabilities =
          decoder
              .script()
              .tensor(
                  step,
                  "log_probabilities",
                  step.create(batch.ids(), new Shape(batch.rows(), batch.columns())),
                  step.create(batch.select()),
                  step.create(batch.labels()),
                  temperature,
                  differentiable);
    }

    /** One natural logarithm per response token. */
    public float[] logProbabilities() {
      return logProbabilities.toFloatArray();
    }

    /**
     * Adds the gradient of the sum of coefficients times log-probabilities to the accumulated
     * gradients. Can be called once.
     */
    public void backward(float[] coefficients) {
      if (coefficients.length != tokens) {
        throw new IllegalArgumentException(
            coefficients.length + " coefficients for " + tokens + " response tokens");
      }
      decoder.script().run("backward", logProbabilities, step.create(coefficients));
    }

    @Override
    public void close() {
      step.close();
    }
  }

  /** Runs the forward pass and keeps what {@link Forward#backward} needs. */
  public Forward forward(MicroBatch batch, double temperature) {
    return new Forward(batch, temperature, true);
  }

  /** Runs the forward pass only. */
  public float[] logProbabilities(MicroBatch batch, double temperature) {
    try (Forward forward = new Forward(batch, temperature, false)) {
      return forward.logProbabilities();
    }
  }

  public void zeroGradients() {
    decoder.script().run("zero_gradients");
  }

  /** The accumulated gradients, one flat array per decoder weight, in the layout's order. */
  public List<float[]> gradients() {
    try (NDManager step = decoder.manager().newSubManager()) {
      return decoder.script().tensors(step, "gradients").stream()
          .map(gradient -> gradient.duplicate().toFloatArray())
          .toList();
    }
  }

  /**
   * Takes one step that descends along the accumulated gradients.
   *
   * @return their global norm before clipping; if it is not finite, nothing was changed
   */
  public double optimize(AdamW settings) {
    return decoder
        .script()
        .real(
            "optimize",
            settings.learningRate(),
            settings.beta1(),
            settings.beta2(),
            settings.epsilon(),
            settings.weightDecay(),
            settings.maxGradientNorm());
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
    decoder.close();
  }
}
