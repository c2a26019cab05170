package dev.drpo.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drpo.planning.DiskNeeds;
import dev.drpo.planning.Fleet;
import dev.drpo.planning.KnownPolicy;
import dev.drpo.planning.Lengths;
import dev.drpo.planning.Plan;
import dev.drpo.planning.Planner;
import dev.drpo.planning.Request;
import dev.drpo.runtime.config.ConfigLoader;
import dev.drpo.runtime.config.RunConfig;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Quantity;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The overlays for GPUs, against the plan of the preset that they are named after. */
class GpuOverlaysTest {
  private static final String GPU = "nvidia.com/gpu";

  @ParameterizedTest
  @ValueSource(strings = {"1.5b", "7b"})
  void devicesMemoryAndVolumesAreThoseOfThePlan(String size)
      throws IOException, InterruptedException {
    Cluster cluster =
        Cluster.of(StrictModel.documents(Kustomize.render("overlays/gpu-" + size + "-8k")));
    Workload learner = cluster.workload("learner");
    Workload rollout = cluster.workload("rollout");
    Plan plan = plan(KnownPolicy.ofSize(size).orElseThrow(), "drpo-" + size + "-8k");

    RunConfig config = ConfigurationRules.config(cluster, learner);
    assertThat(config.training()).isEqualTo(plan.config().training());
    assertThat(config.rollout().slots()).isEqualTo(plan.config().rollout().slots());
    assertThat(config.rollout().kvCacheTokens()).isEqualTo(plan.config().rollout().kvCacheTokens());
    assertThat(config.rollout().onCpu()).isFalse();

    assertThat(gpus(learner)).isEqualTo(plan.learners());
    assertThat(gpus(rollout)).isEqualTo(1);
    assertThat(rollout.replicas()).isEqualTo(plan.replicas());

    // Shared memory counts as the container's.
    assertThat(learner.memoryLimit())
        .isGreaterThanOrEqualTo(plan.learnerHost() + learner.volumeLimit("shm").orElseThrow());
    assertThat(rollout.memoryLimit())
        .isGreaterThanOrEqualTo(plan.rolloutHost() + rollout.volumeLimit("shm").orElseThrow());

    DiskNeeds disk = plan.disk();
    holds(learner, "run", disk.ofLearner());
    holds(cluster.workload("kafka"), "data", disk.records());
    holds(rollout, "tmp", disk.replicas() / plan.replicas());
    holds(learner, "inputs", disk.exports() / 3);
    holds(rollout, "inputs", disk.exports() / 3);
  }

  private static void holds(Workload workload, String volume, long bytes) {
    assertThat(workload.volumeLimit(volume).orElseThrow())
        .as("the volume " + volume + " of " + workload.name())
        .isGreaterThanOrEqualTo(bytes);
  }

  @ParameterizedTest
  @CsvSource({
    "1.5b, job kafka-pvc",
    "7b, job kafka-pvc",
    "1.5b, strimzi job",
    "7b, strimzi job",
  })
  void claimsAreAsLargeAsThePlan(String size, String components)
      throws IOException, InterruptedException {
    Cluster cluster =
        ComponentsTest.cluster("overlays/gpu-" + size + "-8k", List.of(components.split(" ")));
    DiskNeeds disk = plan(KnownPolicy.ofSize(size).orElseThrow(), "drpo-" + size + "-8k").disk();
    assertThat(folder(cluster)).isGreaterThanOrEqualTo(disk.ofLearner());
    assertThat(records(cluster)).isGreaterThanOrEqualTo(disk.records());
  }

  private static long folder(Cluster cluster) {
    return cluster.all(PersistentVolumeClaim.class).stream()
        .filter(it -> it.getMetadata().getName().equals("run"))
        .mapToLong(GpuOverlaysTest::bytes)
        .findFirst()
        .orElseThrow();
  }

  private static long records(Cluster cluster) throws IOException {
    for (GenericKubernetesResource it : cluster.all(GenericKubernetesResource.class)) {
      if (it.getKind().equals("KafkaNodePool")) {
        return new Quantity(StrictModel.spec(it, Custom.KafkaNodePool.class).storage().size())
            .getNumericalAmount()
            .longValueExact();
      }
    }
    return bytes(cluster.workload("kafka").claims().getFirst());
  }

  private static long bytes(PersistentVolumeClaim claim) {
    return claim
        .getSpec()
        .getResources()
        .getRequests()
        .get("storage")
        .getNumericalAmount()
        .longValueExact();
  }

  private static int gpus(Workload workload) {
    Map<String, Quantity> limits = workload.limits();
    assertThat(workload.container().getResources().getRequests().get(GPU))
        .isEqualTo(limits.get(GPU));
    return limits.get(GPU).getNumericalAmount().intValueExact();
  }

  private static Plan plan(KnownPolicy policy, String preset) {
    RunConfig config =
        ConfigLoader.load(null, Map.of(ConfigLoader.PRESET_VARIABLE, preset), Map.of());
    return Planner.plan(
        new Request(
            policy.title(),
            policy.model(),
            config,
            Fleet.parse("8x80GB", 1),
            Lengths.of(config.sampling(), OptionalDouble.empty())));
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.5b", "7b"})
  void whatTheRunReadsIsDownloadedBefore(String size) throws IOException, InterruptedException {
    Cluster cluster =
        Cluster.of(StrictModel.documents(Kustomize.render("overlays/gpu-" + size + "-8k")));
    ConfigMap inputs =
        cluster.all(ConfigMap.class).stream()
            .filter(it -> it.getData().containsKey("INPUTS"))
            .findFirst()
            .orElseThrow();
    List<String> files = List.of(inputs.getData().get("FILES").split(" "));
    assertThat(files)
        .contains("policy/config.json", "policy/tokenizer.json", "train.jsonl", "heldout.jsonl")
        .anyMatch(it -> it.endsWith(".safetensors"));
    for (String name : List.of("learner", "rollout")) {
      assertThat(cluster.workload(name).pod().getInitContainers())
          .singleElement()
          .satisfies(
              it ->
                  assertThat(it.getEnvFrom().getFirst().getConfigMapRef().getName())
                      .isEqualTo(inputs.getMetadata().getName()));
    }
  }
}
