package dev.drpo.cli.task;

import ai.djl.ndarray.NDManager;
import dev.drpo.policy.checkpoint.ModelConfig;
import dev.drpo.policy.checkpoint.PolicyInitializer;
import dev.drpo.policy.decoder.Decoder;
import dev.drpo.policy.safetensors.SafetensorsFile;
import dev.drpo.policy.trainer.ForwardPass;
import dev.drpo.policy.trainer.MicroBatch;
import dev.drpo.policy.trainer.MicroBatch.Sequence;
import dev.drpo.policy.trainer.PolicyTrainer;
import dev.drpo.policy.trainer.PolicyTrainer.AdamW;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Supervised learning of warm-start traces from random weights.
 *
 * <p>The weights are a function of the recipe, the seed, the number of threads and the kind of
 * processor: libtorch sums in another order where one of the last two differs.
 */
final class WarmStart implements AutoCloseable {
  private static final double INITIAL_DEVIATION = 0.06;
  private static final int TOKENS_PER_MICRO_BATCH = 2048;

  private final WarmStartRecipe recipe;
  private final PolicyTrainer trainer;
  private final Random random;
  private final ProblemGenerator problems;
  private int stepsTaken;

  /**
   * What a step did.
   *
   * @param step the number of steps taken so far
   * @param loss mean negative log-likelihood of a response token, in nats, before the step
   * @param tokens response tokens learned from
   */
  record StepResult(int step, WarmStartRecipe.Stage stage, double loss, int tokens) {}

  private WarmStart(WarmStartRecipe recipe, PolicyTrainer trainer, Random random) {
    this.recipe = recipe;
    this.trainer = trainer;
    this.random = random;
    this.problems = new ProblemGenerator(random);
  }

  /**
   * Makes a policy with random weights.
   *
   * @param manager owner of the policy's memory
   * @throws IOException if the folder for temporary files can't be written
   */
  static WarmStart begin(NDManager manager, ModelConfig config, WarmStartRecipe recipe, long seed)
      throws IOException {
    Path weights = Files.createTempFile("drpo-warm-start", ".safetensors");
    try {
      PolicyInitializer.write(weights, config, INITIAL_DEVIATION, seed);
      try (SafetensorsFile file = SafetensorsFile.open(weights)) {
        var trainer = new PolicyTrainer(Decoder.load(manager, config, file));
        return new WarmStart(recipe, trainer, new Random(seed));
      }
    } finally {
      Files.deleteIfExists(weights);
    }
  }

  boolean finished() {
    return stepsTaken == recipe.steps();
  }

  /**
   * Takes the recipe's next step.
   *
   * @throws InterruptedException if the thread was interrupted before it
   */
  StepResult step() throws InterruptedException {
    // Between steps only: libtorch can't be stopped within an operation.
    if (Thread.interrupted()) {
      throw new InterruptedException("interrupted before warm-start step " + (stepsTaken + 1));
    }
    WarmStartRecipe.Step step = recipe.step(stepsTaken);
    List<Sequence> batch = draw(step.stage());
    int tokens = batch.stream().mapToInt(sequence -> sequence.response().length).sum();
    trainer.zeroGradients();
    double logLikelihood = 0;
    for (List<Sequence> part : microBatches(batch)) {
      logLikelihood += accumulate(MicroBatch.of(part), -1f / tokens);
    }
    double norm = trainer.optimize(new AdamW(step.learningRate(), 0.9, 0.98, 1e-8, 0.01, 1));
    if (!Double.isFinite(norm)) {
      throw new IllegalStateException(
          "the gradient of warm-start step %d is not finite; start again with another --seed"
              .formatted(stepsTaken + 1));
    }
    stepsTaken++;
    return new StepResult(stepsTaken, step.stage(), -logLikelihood / tokens, tokens);
  }

  private List<Sequence> draw(WarmStartRecipe.Stage stage) {
    var writer = new TraceWriter(stage.mix(), random);
    List<Sequence> batch = new ArrayList<>();
    for (int i = 0; i < stage.tracesPerStep(); i++) {
      ArithmeticProblem problem = problems.next(Split.TRAIN);
      Trace trace = writer.write(problem);
      batch.add(new Sequence(Vocabulary.prompt(problem), Vocabulary.response(trace)));
    }
    return batch;
  }

  /**
   * Splits a batch into parts that a pass takes at once. The optimizer steps on the whole batch:
   * steps on parts, each with its own mean over tokens, would weigh the tokens of short traces
   * more.
   */
  private static List<List<Sequence>> microBatches(List<Sequence> batch) {
    List<List<Sequence>> parts = new ArrayList<>();
    int from = 0;
    int tokens = 0;
    for (int i = 0; i < batch.size(); i++) {
      int more = batch.get(i).fed();
      if (i > from && tokens + more > TOKENS_PER_MICRO_BATCH) {
        parts.add(batch.subList(from, i));
        from = i;
        tokens = 0;
      }
      tokens += more;
    }
    parts.add(batch.subList(from, batch.size()));
    return parts;
  }

  private double accumulate(MicroBatch batch, float coefficient) {
    try (ForwardPass forward = trainer.forward(List.of(batch), 1.0)) {
      double sum = 0;
      for (float logProbability : forward.logProbabilities().getFirst()) {
        sum += logProbability;
      }
      float[] coefficients = new float[batch.responseTokens()];
      Arrays.fill(coefficients, coefficient);
      forward.backward(List.of(coefficients));
      return sum;
    }
  }

  /** The policy as trained so far. */
  Decoder policy() {
    return trainer.decoder();
  }

  @Override
  public void close() {
    trainer.close();
  }
}
