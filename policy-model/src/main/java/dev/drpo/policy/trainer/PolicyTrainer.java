package dev.drpo.policy.trainer;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.drpo.policy.PolicyFormatException;
import dev.drpo.policy.checkpoint.ModelConfig;
import dev.drpo.policy.checkpoint.PolicyLayout;
import dev.drpo.policy.decoder.Decoder;
import dev.drpo.policy.decoder.SpreadTensor;
import dev.drpo.policy.engine.TensorEngine;
import dev.drpo.policy.safetensors.ElementType;
import dev.drpo.policy.safetensors.Safetensors;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;

/**
 * Differentiates and updates a policy. Any objective whose gradient is a weighted sum of the
 * gradients of token log-probabilities fits: the caller turns log-probabilities into weights, in
 * plain Java. One thread may use it, which must be prepared for the tensor engine.
 *
 * <p>Micro-batches are shared out to workers, which are threads, on one device or several. Each
 * device has the weights that passes are computed with. The optimizer is cut into one shard a
 * worker: gradients are summed to the shards, stepped there, and the new weights copied to the
 * other devices. Which worker does what, and the order of sums, depend on the micro-batches alone.
 */
public final class PolicyTrainer implements AutoCloseable {
  private static final String FIRST_MOMENT = "exp_avg.";
  private static final String SECOND_MOMENT = "exp_avg_sq.";

  /** Keeps the scale of a gradient of norm 0 finite. */
  private static final double MIN_NORM = 1e-6;

  private final Decoder decoder;
  private final List<NDManager> devices;
  private final List<TrainingWorker> workers = new ArrayList<>();
  private final List<OptimizerShard> shards = new ArrayList<>();
  private final int workersPerDevice;
  private final WorkerTeam team;
  private long optimizerSteps;

  /** Whether an update has begun and not ended: then the devices may disagree. */
  private boolean torn;

  private volatile Runnable workDone = () -> {};

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
   * Starts with zero moments, on the decoder's device.
   *
   * @param decoder the policy in fp32; the trainer owns it from now on
   */
  public PolicyTrainer(Decoder decoder, TrainerOptions options) {
    this(List.of(requireExact(decoder)), options, List.of());
  }

  /**
   * Loads a policy onto devices and starts with zero moments.
   *
   * @param devices one or more; naming the CPU several times is of use in tests alone
   * @param files the weights, of any element type; only read during the call
   * @throws PolicyFormatException if the files do not fit the architecture
   */
  public static PolicyTrainer load(
      List<Device> devices, ModelConfig config, Safetensors files, TrainerOptions options) {
    List<NDManager> managers = new ArrayList<>();
    try {
      devices.forEach(device -> managers.add(TensorEngine.newManager(device)));
      if (managers.size() == 1) {
        Decoder decoder = Decoder.load(managers.getFirst(), config, files);
        return new PolicyTrainer(List.of(decoder), options, managers);
      }
      List<Decoder> replicas = new ArrayList<>();
      replicas.add(Decoder.loadReplica(managers.getFirst(), config, files, options.compute()));
      for (NDManager manager : managers.subList(1, managers.size())) {
        replicas.add(replicas.getFirst().copyReplica(manager));
      }
      PolicyTrainer trainer = new PolicyTrainer(replicas, options, managers);
      trainer.decoder.fill(trainer.spread(OptimizerShard.Part.MASTERS), files, "");
      return trainer;
    } catch (RuntimeException e) {
      managers.forEach(NDManager::close);
      throw e;
    }
  }

  private PolicyTrainer(List<Decoder> replicas, TrainerOptions options, List<NDManager> devices) {
    this.decoder = replicas.getFirst();
    this.devices = devices;
    this.workersPerDevice = options.workers();
    for (Decoder replica : replicas) {
      List<NDArray> factors = factors(replica, options.compute());
      for (int i = 0; i < workersPerDevice; i++) {
        workers.add(new TrainingWorker(i == 0 ? replica : replica.twin(), factors, options));
      }
    }
    List<List<ParameterShards.Span>> cut =
        ParameterShards.cut(
            decoder.layout().weights().stream().map(PolicyLayout.Weight::elements).toList(),
            workers.size());
    for (int i = 0; i < workers.size(); i++) {
      shards.add(new OptimizerShard(workers.get(i), cut.get(i)));
    }
    decoder.store(spread(OptimizerShard.Part.MASTERS));
    this.team = new WorkerTeam(workers.size());
  }

  /**
   * Tells somebody of work while it is done: of each micro-batch's pass forward, backward or for
   * log-probabilities, of each worker's parts of an update, and of each piece of weights and
   * moments that is written or restored. Workers call it, several at once; it has to be quick.
   */
  public void reportTo(Runnable listener) {
    workDone = listener;
    decoder.reportTo(listener);
  }

  private static Decoder requireExact(Decoder decoder) {
    if (decoder.type() != ElementType.F32) {
      throw new IllegalArgumentException(
          "a trainer needs a decoder with F32 weights, not "
              + decoder.type()
              + "; TrainerOptions.compute makes it compute in BF16");
    }
    return decoder;
  }

  /** What a device computes products with, laid out like the weights: those, or rounded copies. */
  private static List<NDArray> factors(Decoder replica, ElementType compute) {
    List<NDArray> factors = new ArrayList<>();
    List<NDArray> rounded = new ArrayList<>();
    List<NDArray> exact = new ArrayList<>();
    for (int i = 0; i < replica.weights().size(); i++) {
      NDArray weight = replica.weights().get(i);
      boolean own = replica.elementType(i) != compute;
      if (own && replica.layout().weights().get(i).use().factor()) {
        factors.add(replica.zeros(weight.getShape().getShape(), compute));
        rounded.add(factors.getLast());
        exact.add(weight);
      } else {
        factors.add(weight);
      }
    }
    if (!rounded.isEmpty()) {
      replica.script().run("copy", rounded, exact);
    }
    return factors;
  }

  /** A part of all shards, as tensors laid out like the weights. */
  List<SpreadTensor> spread(OptimizerShard.Part part) {
    return OptimizerShard.spread(shards, part, decoder.layout().weights().size());
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

  /** The same with the entropies of their distributions. */
  public List<TokenScores> scores(List<MicroBatch> batches, double temperature) {
    TokenScores[] found = new TokenScores[batches.size()];
    run(assign(batches), (i, worker) -> found[i] = worker.scores(batches.get(i), temperature));
    return Arrays.asList(found);
  }

  /**
   * Adds the gradient of the sum of coefficients times log-probabilities to the accumulated
   * gradients, and keeps the activations of one micro-batch per worker at a time. Micro-batches
   * whose coefficients are all zero are passed over. If it fails, the gradients are those of some
   * micro-batches only, until {@link #zeroGradients}.
   *
   * @param coefficients one per response token, by micro-batch
   */
  public void accumulate(List<MicroBatch> batches, List<float[]> coefficients, double temperature) {
    requireFit(batches, coefficients);
    run(
        assign(batches),
        (i, worker) -> {
          if (isZero(coefficients.get(i))) {
            return;
          }
          try (TrainingWorker.Pass pass = worker.forwardAgain(batches.get(i), temperature)) {
            workDone.run();
            pass.backward(coefficients.get(i));
          }
        });
  }

  private static boolean isZero(float[] coefficients) {
    for (float coefficient : coefficients) {
      if (coefficient != 0) {
        return false;
      }
    }
    return true;
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

  /** Tokens of the device that computes the most of these micro-batches. */
  public long mostTokensOfADevice(List<MicroBatch> batches) {
    long[] tokens = new long[workers.size() / workersPerDevice];
    int[] worker = assign(batches);
    for (int i = 0; i < worker.length; i++) {
      tokens[worker[i] / workersPerDevice] += batches.get(i).tokens();
    }
    return Arrays.stream(tokens).max().orElseThrow();
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
    requireWhole();
    team.run(worker, i -> onDevice(worker[i], () -> work.with(i, workers.get(worker[i]))));
  }

  private void everyWorker(IntConsumer task) {
    team.everyWorker(i -> onDevice(i, () -> task.accept(i)));
  }

  private void onDevice(int worker, Runnable task) {
    try {
      task.run();
      workDone.run();
    } catch (RuntimeException e) {
      throw new IllegalStateException(
          "training on " + workers.get(worker).deviceName() + " failed: " + e.getMessage(), e);
    }
  }

  private void requireWhole() {
    if (torn) {
      throw new IllegalStateException(
          "an update failed on its way, so that devices and moments may disagree; load the policy"
              + " and the moments of the last checkpoint");
    }
  }

  public void zeroGradients() {
    everyWorker(i -> workers.get(i).decoder().script().run("zero_gradients"));
  }

  /** The accumulated gradients, one flat array per decoder weight, in the layout's order. */
  public List<float[]> gradients() {
    sumGradients();
    return spread(OptimizerShard.Part.GRADIENTS).stream().map(SpreadTensor::toArray).toList();
  }

  private void sumGradients() {
    everyWorker(i -> shards.get(i).takeGradients(behind(workers, i)));
  }

  /**
   * All of a list but one, from the next one on and round. Workers that ask others for something
   * start behind themselves, so that they do not all ask the same one at once.
   */
  private static <T> List<T> behind(List<T> all, int index) {
    List<T> others = new ArrayList<>(all.subList(index + 1, all.size()));
    others.addAll(all.subList(0, index));
    return others;
  }

  /**
   * Takes one step that descends along the accumulated gradients.
   *
   * @return their global norm before clipping; if it is not finite, nothing was changed
   */
  public double optimize(AdamW settings) {
    requireWhole();
    sumGradients();
    double[] norms = new double[shards.size()];
    everyWorker(i -> norms[i] = shards.get(i).norm());
    double norm = Math.sqrt(Arrays.stream(norms).map(n -> n * n).sum());
    if (!Double.isFinite(norm)) {
      return norm;
    }
    double scale = Math.min(1, settings.maxGradientNorm() / (norm + MIN_NORM));
    torn = true;
    everyWorker(i -> shards.get(i).step(settings, scale, optimizerSteps + 1));
    everyWorker(this::receive);
    torn = false;
    decoder.weightsChanged();
    optimizerSteps++;
    return norm;
  }

  /** Copies what the other devices updated to the device of a worker, if that is its first. */
  private void receive(int worker) {
    if (worker % workersPerDevice == 0) {
      TrainingWorker own = workers.get(worker);
      behind(shards, worker).stream()
          .filter(shard -> !shard.sharesDeviceWith(own))
          .forEach(shard -> shard.copyTo(own));
    }
  }

  /** Steps that the optimizer has taken. */
  public long optimizerSteps() {
    return optimizerSteps;
  }

  /**
   * Writes the optimizer's moments in fp32. The file says nothing of devices or threads.
   *
   * @throws IOException if the file can't be written; an older file is intact
   */
  public void saveMoments(Path file) throws IOException {
    requireWhole();
    decoder.saveAs(
        file,
        ElementType.F32,
        Map.of(
            FIRST_MOMENT,
            spread(OptimizerShard.Part.FIRST_MOMENTS),
            SECOND_MOMENT,
            spread(OptimizerShard.Part.SECOND_MOMENTS)));
  }

  /**
   * Restores what {@link #saveMoments} wrote after {@code optimizerSteps} steps, on whatever
   * devices.
   */
  public void restoreMoments(Safetensors file, long optimizerSteps) {
    decoder.fill(spread(OptimizerShard.Part.FIRST_MOMENTS), file, FIRST_MOMENT);
    decoder.fill(spread(OptimizerShard.Part.SECOND_MOMENTS), file, SECOND_MOMENT);
    this.optimizerSteps = optimizerSteps;
  }

  /** The policy, to be saved. On several devices in bfloat16, it can compute nothing by itself. */
  public Decoder decoder() {
    return decoder;
  }

  @Override
  public void close() {
    team.close();
    for (int i = workers.size() - 1; i >= 0; i--) {
      workers.get(i).close();
    }
    devices.forEach(NDManager::close);
  }
}
