package dev.drpo.planning;

import dev.drpo.policy.checkpoint.ModelConfig;
import dev.drpo.policy.trainer.TrainingMemory;
import dev.drpo.runtime.config.RunConfig;
import dev.drpo.runtime.process.HeapNeeds;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Decides which device does what.
 *
 * <p>The learner takes some GPUs of one node, and every other GPU is a rollout replica: as many as
 * make the step shortest by the {@link TimeModel}, of the numbers with which both fit. They share a
 * device only where there is but one.
 */
public final class Planner {
  /** What is planned of a GPU at most: passes have small tensors of their own. */
  private static final double MOST_OF_GPU = 0.97;

  /** More devices of one machine than any has. */
  private static final int MOST_GPUS = 16;

  private final Request request;
  private final ModelConfig model;
  private final Fleet fleet;
  private final TimeModel time;

  private Planner(Request request) {
    this.request = request;
    this.model = request.model();
    this.fleet = request.fleet();
    this.time = new TimeModel(model, fleet.card(), Rates.of(fleet), request.lengths());
  }

  /**
   * The fastest placement that fits.
   *
   * @throws UnplannableException if none fits; it says what is short and what mends it
   */
  public static Plan plan(Request request) {
    return new Planner(request).plan();
  }

  private Plan plan() {
    if (fleet.isCpu()) {
      return onCpu();
    }
    return fleet.allGpus() == 1 ? sharing() : apart();
  }

  // --- GPUs for the learner, and others for replicas ---------------------------------------------

  private Plan apart() {
    List<String> notes = new ArrayList<>();
    Optional<Plan> best =
        candidates(fleet.gpus(), notes).stream()
            .min(Comparator.comparingDouble(plan -> plan.time().total()));
    return best.orElseThrow(() -> tooSmall(mostLearners(fleet.gpus())));
  }

  /** A replica needs a GPU of its own on the learner's node, unless that has no more than one. */
  private static int mostLearners(int gpus) {
    return Math.max(1, gpus - 1);
  }

  private List<Plan> candidates(int gpus, List<String> notes) {
    List<Plan> found = new ArrayList<>();
    RolloutChoices rollouts = new RolloutChoices(placed(1, gpus), model);
    for (int learners = 1; learners <= mostLearners(gpus); learners++) {
      RunConfig placed = placed(learners, gpus);
      LearnerChoices choices = new LearnerChoices(placed, model, request.lengths());
      int replicas = fleet.nodes() * gpus - learners;
      List<Portions> fitting =
          choices.fitting(ofGpu(), portions -> time.learning(placed, portions));
      if (fitting.isEmpty()) {
        notes.clear();
        notes.add(
            "The learner does not fit on %d of these: each would need at least %s of %s."
                .formatted(
                    learners, gigabytes(choices.needed(choices.smallest())), gigabytes(ofGpu())));
        continue;
      }
      rollouts
          .best(ofGpu(), (choice, cached) -> time.generation(choice, replicas, cached))
          .map(keys -> with(placed, fitting.getFirst(), keys))
          .ifPresent(config -> found.add(made(config, replicas, true, notes)));
    }
    return found;
  }

  private RunConfig placed(int learners, int gpus) {
    // Elsewhere each replica sees its own GPU alone.
    String rollouts = fleet.nodes() > 1 || learners == gpus ? "cuda" : Keys.gpus(learners, gpus);
    return onGpus(Keys.gpus(0, learners), rollouts);
  }

  private RunConfig onGpus(String learner, String rollouts) {
    return Keys.change(
        request.config(),
        Map.of(
            Keys.TRAINING_DEVICES, learner,
            Keys.TRAINING_COMPUTE, "bfloat16",
            Keys.TRAINING_THREADS, "1",
            Keys.ROLLOUT_DEVICES, rollouts,
            Keys.ROLLOUT_COMPUTE, "bfloat16",
            Keys.ENGINES, "0"));
  }

  /** Bytes of a GPU that a placement may take. */
  private long ofGpu() {
    return (long) (fleet.card().bytes() * MOST_OF_GPU);
  }

  // --- One device for both -----------------------------------------------------------------------

  private Plan sharing() {
    RunConfig placed = onGpus("cuda:0", "cuda:0");
    return shared(placed, ofGpu())
        .map(config -> made(config, 1, false, List.of()))
        .orElseThrow(() -> tooSmall(1));
  }

  /** Both in so many bytes of one device: learner's choices from the fastest on. */
  private Optional<RunConfig> shared(RunConfig placed, long bytes) {
    RolloutChoices rollouts = new RolloutChoices(placed, model);
    LearnerChoices learners = new LearnerChoices(placed, model, request.lengths());
    return learners.fitting(bytes, portions -> time.learning(placed, portions)).stream()
        .flatMap(
            portions ->
                rollouts
                    .best(
                        bytes - learners.needed(portions),
                        (choice, cached) -> time.generation(choice, 1, cached))
                    .map(keys -> with(placed, portions, keys))
                    .stream())
        .min(
            Comparator.comparingDouble(
                config ->
                    time.learning(config)
                        + time.generation(config, 1, RolloutChoices.cachedTokens(config))));
  }

  private static RunConfig with(
      RunConfig placed, Portions portions, Map<String, String> rolloutKeys) {
    Map<String, String> keys = new HashMap<>(portions.keys());
    keys.putAll(rolloutKeys);
    return Keys.change(placed, keys);
  }

  private Plan onCpu() {
    RunConfig asked = request.config();
    RunConfig placed =
        Keys.change(
            asked,
            Map.of(
                Keys.TRAINING_DEVICES,
                    asked.training().onCpu() ? asked.training().devices() : "cpu",
                Keys.TRAINING_COMPUTE,
                    asked.training().onCpu() ? asked.training().compute().configName() : "float32",
                Keys.ROLLOUT_DEVICES, "cpu",
                Keys.ROLLOUT_COMPUTE,
                    asked.rollout().onCpu() ? asked.rollout().compute().configName() : "float32"));
    long heaps = HeapNeeds.learner(placed).limit() + HeapNeeds.rollout(placed).limit();
    long bytes = fleet.card().bytes() - heaps - 2 * Overhead.HOST_OF_CPU;
    return shared(placed, bytes)
        .map(config -> made(config, 1, false, List.of()))
        .orElseThrow(() -> tooSmallCpu(placed, heaps));
  }

  private Plan made(RunConfig config, int replicas, boolean apart, List<String> notes) {
    double cached = RolloutChoices.cachedTokens(config);
    return new Plan(
        request,
        config,
        replicas,
        time.step(config, replicas, cached, apart),
        time.evaluation(config, Plan.evaluated(config), replicas, cached),
        notes);
  }

  // --- What does not fit -------------------------------------------------------------------------

  private UnplannableException tooSmall(int learners) {
    RunConfig placed =
        fleet.allGpus() == 1 ? onGpus("cuda:0", "cuda:0") : placed(learners, fleet.gpus());
    RunConfig learner =
        Keys.change(placed, new LearnerChoices(placed, model, request.lengths()).smallest().keys());
    RunConfig rollout = new RolloutChoices(learner, model).smallest(learner);
    TrainingMemory memory = LearnerMemory.of(learner, model);
    return new UnplannableException(
        String.join(
            "",
            "%s does not fit on %s.%n".formatted(request.title(), fleet),
            "  learner: at least %s on each of %d: %s; overhead %s; with training.recompute layers and training.tokens-per-micro-batch %d, which has to hold the longest prompt and response%n"
                .formatted(
                    gigabytes(LearnerMemory.ofDevice(learner, model)),
                    learners,
                    memory,
                    gigabytes(Overhead.GPU),
                    learner.training().tokensPerMicroBatch()),
            "  replica: at least %s: %s; overhead %s; with rollout.slots %d%n"
                .formatted(
                    gigabytes(RolloutMemory.ofDevice(rollout, model)),
                    RolloutMemory.of(rollout, model),
                    gigabytes(Overhead.GPU),
                    rollout.rollout().slots()),
            "  there:   %s on each%s%n"
                .formatted(gigabytes(ofGpu()), fleet.allGpus() == 1 ? ", for both" : ""),
            "  remedy:  %s".formatted(remedy())));
  }

  /** The least change that would do. */
  private String remedy() {
    List<String> remedies = new ArrayList<>();
    IntStream.rangeClosed(Math.max(2, fleet.gpus() + 1), MOST_GPUS)
        .filter(this::fits)
        .findFirst()
        .ifPresent(gpus -> remedies.add("%d such GPUs on one node (--gpus)".formatted(gpus)));
    shorter().ifPresent(remedies::add);
    if (remedies.isEmpty()) {
      remedies.add("GPUs with more memory");
    }
    remedies.add("a smaller policy (policy.path)");
    return String.join(", or ", remedies);
  }

  /** Whether learner and replicas fit on so many GPUs of a node, apart: as many as can learn do. */
  private boolean fits(int gpus) {
    RunConfig placed = placed(mostLearners(gpus), gpus);
    return !new LearnerChoices(placed, model, request.lengths())
            .fitting(ofGpu(), portions -> 0)
            .isEmpty()
        && new RolloutChoices(placed, model).best(ofGpu(), (choice, cached) -> 0).isPresent();
  }

  /**
   * A budget of tokens with which all would fit, if activations and caches are what is too much.
   */
  private Optional<String> shorter() {
    RunConfig config = request.config();
    for (int tokens = config.sampling().maxResponseTokens() / 2; tokens >= 512; tokens /= 2) {
      RunConfig shorter =
          Keys.change(config, Map.of("sampling.max-response-tokens", String.valueOf(tokens)));
      Planner planner =
          new Planner(
              new Request(
                  request.title(),
                  model,
                  shorter,
                  fleet,
                  new Lengths(
                      request.lengths().prompt(),
                      Math.min(request.lengths().response(), tokens),
                      tokens)));
      boolean fits =
          fleet.allGpus() == 1
              ? planner.shared(planner.onGpus("cuda:0", "cuda:0"), ofGpu()).isPresent()
              : planner.fits(fleet.gpus());
      if (fits) {
        return Optional.of("sampling.max-response-tokens " + tokens);
      }
    }
    return Optional.empty();
  }

  private UnplannableException tooSmallCpu(RunConfig placed, long heaps) {
    RunConfig learner =
        Keys.change(placed, new LearnerChoices(placed, model, request.lengths()).smallest().keys());
    RunConfig rollout = new RolloutChoices(learner, model).smallest(learner);
    return new UnplannableException(
        "%s does not fit into this machine's memory: learner %s (%s), replica %s (%s), Java heaps %s, of %s available; remedy: lower sampling.max-response-tokens, take a smaller policy (policy.path), or GPUs (--gpus)"
            .formatted(
                request.title(),
                gigabytes(LearnerMemory.ofDevice(learner, model)),
                LearnerMemory.of(learner, model),
                gigabytes(RolloutMemory.ofDevice(rollout, model)),
                RolloutMemory.of(rollout, model),
                gigabytes(heaps),
                gigabytes(fleet.card().bytes())));
  }

  static String gigabytes(long bytes) {
    return TrainingMemory.gigabytes(bytes);
  }
}
