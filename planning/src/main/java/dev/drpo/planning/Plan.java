package dev.drpo.planning;

import dev.drpo.generation.MemoryPlan;
import dev.drpo.policy.checkpoint.PolicyLayout;
import dev.drpo.policy.safetensors.ElementType;
import dev.drpo.policy.trainer.TrainingMemory;
import dev.drpo.runtime.config.ConfigLoader;
import dev.drpo.runtime.config.GivenKeys;
import dev.drpo.runtime.config.RunConfig;
import dev.drpo.runtime.process.HeapNeeds;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * A placement that fits.
 *
 * @param request what it was made for
 * @param config of the run, with devices and portions set
 * @param replicas that sample, on all nodes
 * @param time of a step, expected
 * @param evaluationSeconds of an evaluation of {@link #evaluated} problems, expected
 * @param notes what was found out on the way, for people
 */
public record Plan(
    Request request,
    RunConfig config,
    int replicas,
    StepTime time,
    double evaluationSeconds,
    List<String> notes) {
  /** As many problems as MATH-500 has: how many a file has is not known here. */
  private static final int EVALUATED = 500;

  public Plan {
    notes = List.copyOf(notes);
  }

  /** Held-out problems for which an evaluation's time is told. */
  static int evaluated(RunConfig config) {
    return Math.min(EVALUATED, config.evaluation().problems());
  }

  /** Memory of each of the learner's devices. */
  public TrainingMemory learnerMemory() {
    return LearnerMemory.of(config, request.model());
  }

  /** Memory of each replica. */
  public MemoryPlan rolloutMemory() {
    return RolloutMemory.of(config, request.model());
  }

  /** The learner's devices. */
  public int learners() {
    return config.training().deviceNames().size();
  }

  /** Whether learner and replica have the same device. */
  public boolean isShared() {
    return request.fleet().allGpus() <= 1;
  }

  /** What each device holds, node by node. */
  public List<Use> uses() {
    Fleet fleet = request.fleet();
    if (fleet.isCpu()) {
      Map<String, Long> components = new LinkedHashMap<>();
      add(components, "learner: ", learner(), learners());
      add(components, "rollout: ", rollout(), 1);
      components.put("Java heaps", learnerHeap() + rolloutHeap());
      components.put("overhead", 2 * Overhead.HOST_OF_CPU);
      return List.of(new Use("CPU", "learner, rollout", components, fleet.card().bytes()));
    }
    List<Use> uses = new ArrayList<>();
    for (int node = 1; node <= fleet.nodes(); node++) {
      for (int gpu = 0; gpu < fleet.gpus(); gpu++) {
        String device = (fleet.nodes() > 1 ? "node " + node + " " : "") + "cuda:" + gpu;
        uses.add(use(device, node == 1 && gpu < learners()));
      }
    }
    return uses;
  }

  private Use use(String device, boolean learns) {
    Map<String, Long> components = new LinkedHashMap<>();
    if (isShared()) {
      add(components, "learner: ", learner(), 1);
      add(components, "rollout: ", rollout(), 1);
      components.put("overhead of both", 2 * Overhead.GPU);
      return new Use(device, "learner, rollout", components, request.fleet().card().bytes());
    }
    add(components, "", learns ? learner() : rollout(), 1);
    components.put("overhead", Overhead.GPU);
    return new Use(
        device, learns ? "learner" : "rollout", components, request.fleet().card().bytes());
  }

  private static void add(
      Map<String, Long> components, String prefix, Map<String, Long> parts, int times) {
    parts.forEach((name, bytes) -> components.put(prefix + name, bytes * times));
  }

  private Map<String, Long> learner() {
    TrainingMemory memory = learnerMemory();
    Map<String, Long> parts = new LinkedHashMap<>();
    parts.put("weights", memory.weights());
    parts.put("gradients", memory.gradients());
    parts.put("optimizer", memory.optimizer());
    parts.put("activations", memory.activations());
    parts.put("logits", memory.logits());
    parts.put("in passing", memory.passing());
    return parts;
  }

  private Map<String, Long> rollout() {
    MemoryPlan memory = rolloutMemory();
    Map<String, Long> parts = new LinkedHashMap<>();
    parts.put("weights", memory.weights());
    parts.put("newer weights", memory.newerWeights());
    parts.put("prompts", memory.prompts());
    parts.put("responses", memory.responses().bytes());
    parts.put("sampling", memory.sampling());
    return parts;
  }

  /** Java heap of the learner, in bytes. */
  public long learnerHeap() {
    return HeapNeeds.learner(config).limit();
  }

  /** Java heap of each replica, in bytes. */
  public long rolloutHeap() {
    return HeapNeeds.rollout(config).limit();
  }

  /** Memory of the host that a container of the learner needs, in bytes. */
  public long learnerHost() {
    return container(
        learnerHeap(),
        published()
            + (config.training().onCpu()
                ? LearnerMemory.ofDevice(config, request.model()) + Overhead.HOST_OF_CPU
                : Overhead.HOST_OF_GPU));
  }

  /** A copy of the weights on their way to a file, while the next step goes on. */
  private long published() {
    return PolicyLayout.of(request.model())
        .bytes(ElementType.named(config.weights().type().configName()));
  }

  /** Memory of the host that a container of a replica needs, in bytes. */
  public long rolloutHost() {
    return container(
        rolloutHeap(),
        config.rollout().onCpu()
            ? RolloutMemory.ofDevice(config, request.model()) + Overhead.HOST_OF_CPU
            : Overhead.HOST_OF_GPU);
  }

  /**
   * What the run may take on disks: its folder, a broker of its own, and the temporary files of all
   * replicas, where no problem's file is larger than an evaluation that is {@link #evaluated}.
   */
  public DiskNeeds disk() {
    PolicyLayout layout = PolicyLayout.of(request.model());
    return DiskNeeds.worst(
        Keys.change(config, Map.of(Keys.EVALUATED, String.valueOf(evaluated(config)))),
        new DiskNeeds.Policy(layout.parameters(), published()),
        replicas,
        true);
  }

  /** So large that both fit, and that the heap is no more than the image gives to it. */
  private static long container(long heap, long beside) {
    return Math.max(heap + beside, (long) Math.ceil(heap / Overhead.HEAP_OF_CONTAINER));
  }

  /** What the plan sets to other values than the configuration that it was made for. */
  public Map<String, String> changes() {
    Map<String, String> before = ConfigLoader.toKeys(request.config());
    Map<String, String> after = ConfigLoader.toKeys(config);
    Map<String, String> changes = new LinkedHashMap<>();
    for (String key : Keys.PLANNED) {
      if (!after.get(key).equals(before.get(key))) {
        changes.put(key, after.get(key));
      }
    }
    return changes;
  }

  /**
   * The configuration as a file that {@code train} takes: what the user said, what the plan sets,
   * and the preset for the rest.
   */
  public String yaml(GivenKeys given) {
    Set<String> keys = new TreeSet<>(given.keys());
    keys.addAll(Keys.PLANNED);
    return ConfigLoader.toYaml(config, given.preset(), keys);
  }
}
