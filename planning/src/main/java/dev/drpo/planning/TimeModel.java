package dev.drpo.planning;

import dev.drpo.policy.checkpoint.ModelConfig;
import dev.drpo.policy.checkpoint.PolicyLayout;
import dev.drpo.policy.safetensors.ElementType;
import dev.drpo.runtime.config.RunConfig;
import dev.drpo.runtime.config.TrainingConfig;

/**
 * How long a step takes, from a card's data sheet and what is reached of it.
 *
 * <p>A forward pass takes two operations for each weight and token, and attention four for each
 * layer, head component and earlier token; a backward pass twice that. A decode step takes the
 * larger of two times: to read all weights and the cached keys and values, or to compute; and the
 * launches of its kernels on top.
 */
final class TimeModel {
  private static final int FORWARD_OPERATIONS = 2;
  private static final int ATTENTION_OPERATIONS = 4;

  /** A backward pass in forward passes. */
  private static final int BACKWARD = 2;

  private final ModelConfig model;
  private final Card card;
  private final Rates rates;
  private final Lengths lengths;
  private final long parameters;
  private final long factors;

  TimeModel(ModelConfig model, Card card, Rates rates, Lengths lengths) {
    this.model = model;
    this.card = card;
    this.rates = rates;
    this.lengths = lengths;
    PolicyLayout layout = PolicyLayout.of(model);
    this.parameters = layout.parameters();
    this.factors =
        layout.weights().stream()
            .filter(weight -> weight.use().factor())
            .mapToLong(PolicyLayout.Weight::elements)
            .sum();
  }

  /**
   * A step of a run.
   *
   * @param replicas that sample
   * @param cachedTokens of responses that the cache of each can hold
   * @param apart whether learner and replicas have devices of their own, and can work at once
   */
  StepTime step(RunConfig config, int replicas, double cachedTokens, boolean apart) {
    return new StepTime(
        generation(config, replicas, cachedTokens),
        learning(config),
        exchange(config.training()),
        parameters * bytes(config.weights().type().configName()) / rates.publishing(),
        apart && config.training().maxLag() > 0);
  }

  /** An evaluation of so many problems. */
  double evaluation(RunConfig config, int problems, int replicas, double cachedTokens) {
    return generation(
        config, problems, config.evaluation().samples(), replicas, cachedTokens, false);
  }

  /** The responses of a step. */
  double generation(RunConfig config, int replicas, double cachedTokens) {
    return generation(
        config,
        config.training().promptsPerStep(),
        config.sampling().groupSize(),
        replicas,
        cachedTokens,
        config.training().maxLag() > 0);
  }

  private double generation(
      RunConfig config,
      int prompts,
      int groupSize,
      int replicas,
      double cachedTokens,
      boolean continuous) {
    double responses = (double) prompts * groupSize / replicas;
    double type = bytes(config.rollout().compute().configName());
    double live =
        Math.max(
            1,
            Math.min(
                Math.min(config.rollout().slots(), responses), cachedTokens / lengths.before()));
    double weights = factors * type / memoryRate();
    double context = lengths.prompt() + lengths.before();
    double cached = context * cachedBytes(type) / memoryRate();
    double computed = operations(context) / (card.flops() * rates.decodingArithmetic());
    double launches = model.layers() * rates.layerSeconds();
    double full = responses * lengths.response() / live;
    // Where no further step's responses follow, the last ones are alone: as many steps again as the
    // longest has more than the mean.
    double tail = continuous ? 0 : lengths.longest() - lengths.response();
    double prefill =
        (double) prompts
            / replicas
            * lengths.prompt()
            * operations(lengths.prompt() / 2)
            / (card.flops() * rates.learning());
    return full * (Math.max(weights + live * cached, live * computed) + launches)
        + tail * (weights + launches)
        + prefill;
  }

  private double memoryRate() {
    return card.bytesPerSecond() * rates.decodingMemory();
  }

  /** Bytes of a token's keys and values. */
  private double cachedBytes(double type) {
    return 2.0 * model.layers() * model.keyValueHeads() * model.headSize() * type;
  }

  /** The passes of a step. */
  double learning(RunConfig config) {
    return learning(config, Portions.of(config));
  }

  /** The same with other portions than the configuration has. */
  double learning(RunConfig config, Portions portions) {
    TrainingConfig training = config.training();
    int devices = training.onCpu() ? 1 : training.deviceNames().size();
    double tokens = training.promptsPerStep() * lengths.group(config.sampling().groupSize());
    double context = lengths.prompt() + lengths.before();
    return tokens
            * operations(context)
            * passes(training, portions, tokens / training.miniBatchesPerStep() / devices)
            / (devices * card.flops() * rates.learning())
        + tokens / devices * headGradient(training, portions);
  }

  /** A token's share of what adding its chunk's gradient to that of the whole head takes. */
  private double headGradient(TrainingConfig training, Portions portions) {
    long elements = LearnerMemory.options(training, portions, model).headElements();
    long rows = Math.max(1, elements / model.vocabularySize());
    double head = (double) model.vocabularySize() * model.hiddenSize();
    // Read and written in fp32, with a product in the type that is computed in between.
    double moved = head * 2 * (Float.BYTES + bytes(training.compute().configName()));
    return moved / memoryRate() / rows;
  }

  /** Passes over a step's tokens, each as long as a forward pass. */
  private static double passes(TrainingConfig training, Portions portions, double tokensOfDevice) {
    int passes = 1 + BACKWARD;
    if (tokensOfDevice > portions.retained()) {
      passes++;
    }
    if (portions.recompute() == TrainingConfig.Recompute.LAYERS) {
      passes++;
    }
    // The first mini-batch's own forward pass serves.
    double again = training.recomputesOld() ? 1 - 1.0 / training.miniBatchesPerStep() : 0;
    return passes + again;
  }

  /** fp32 gradients to their shards and new weights from them, in every update. */
  private double exchange(TrainingConfig training) {
    int devices = training.deviceNames().size();
    double moved = parameters * (Float.BYTES + bytes(training.compute().configName()));
    return training.miniBatchesPerStep() * moved * (devices - 1) / devices / rates.exchange();
  }

  /** Of a token with so many before it, in a forward pass. */
  private double operations(double context) {
    return (double) FORWARD_OPERATIONS * factors
        + (double) ATTENTION_OPERATIONS
            * model.layers()
            * model.heads()
            * model.headSize()
            * context;
  }

  private static double bytes(String type) {
    return ElementType.named(type).bytes();
  }
}
