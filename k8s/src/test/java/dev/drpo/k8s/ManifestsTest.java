package dev.drpo.k8s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ManifestsTest {
  private static final long MEBIBYTE = 1 << 20;

  /** Peaks of resident memory over a whole quickstart in a cluster, MiB. */
  private static final Map<String, Integer> PEAKS =
      Map.of("learner", 2296, "rollout", 1024, "kafka", 724, "reward", 130);

  static List<String> kustomizations() throws IOException {
    return Kustomize.all();
  }

  private static Cluster cluster(String kustomization) throws IOException, InterruptedException {
    return Cluster.of(StrictModel.documents(Kustomize.render(kustomization)));
  }

  @ParameterizedTest
  @MethodSource("kustomizations")
  void everyKustomizationRendersAndAgreesWithTheApplications(String kustomization)
      throws IOException, InterruptedException {
    Cluster cluster = cluster(kustomization);
    assertThat(cluster.workloads().stream().map(Workload::name))
        .containsExactlyInAnyOrder("kafka", "learner", "reward", "rollout");
    assertThat(cluster.services()).hasSize(3);
    assertThat(Rule.check(cluster)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "spec: {replica: 2}",
        "spec: {replicas: \"2\"}",
        "spec: {template: {spec: {containers: [{name: a, env: [{name: B, value: 1}]}]}}}",
        "spec: {template: {spec: {containers: [{name: a, livenessProbes: {}}]}}}",
        "spec: {template: {metadata: {labels: {a: true}}}}",
        "spec: {replicas: 1, replicas: 2}",
      })
  void theParserRefusesWhatAStrictServerRefuses(String spec) {
    assertThatThrownBy(
            () -> StrictModel.parse("apiVersion: apps/v1\nkind: Deployment\n" + spec + "\n"))
        .isInstanceOf(IOException.class);
  }

  @Test
  void theParserRefusesUnknownFieldsOfCustomResources() {
    assertThatThrownBy(
            () ->
                StrictModel.parse(
                    "apiVersion: monitoring.coreos.com/v1\nkind: ServiceMonitor\nspec: {endpoint: []}\n"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("endpoint");
  }

  @Test
  void theOneApplyNeedsNothingThatABareClusterLacks() throws IOException, InterruptedException {
    assertThat(cluster(".").objects().stream().map(it -> it.getKind()).distinct())
        .containsExactlyInAnyOrder(
            "Namespace",
            "ConfigMap",
            "Service",
            "Deployment",
            "StatefulSet",
            "NetworkPolicy",
            "PodDisruptionBudget");
  }

  @Test
  void requestsHoldWhatWasMeasuredAndFitTheNodeThatTheDocumentNames()
      throws IOException, InterruptedException {
    BigDecimal cpus = BigDecimal.ZERO;
    long memory = 0;
    for (Workload workload : cluster(".").workloads()) {
      Container container = workload.container();
      long bytes =
          container.getResources().getRequests().get("memory").getNumericalAmount().longValue();
      assertThat(bytes / MEBIBYTE)
          .as("MiB of " + workload.name())
          .isGreaterThanOrEqualTo(PEAKS.get(workload.name()));
      memory += bytes;
      cpus = cpus.add(container.getResources().getRequests().get("cpu").getNumericalAmount());
    }
    assertThat(Files.readString(Kustomize.ROOT.resolve("docs/kubernetes.md")))
        .contains(
            "%s CPUs and %d MiB of memory"
                .formatted(cpus.stripTrailingZeros().toPlainString(), memory / MEBIBYTE));
  }

  @Test
  void replicasSpreadOverNodes() throws IOException, InterruptedException {
    for (String name : List.of("reward", "rollout")) {
      Workload workload = cluster(".").workload(name);
      assertThat(workload.pod().getTopologySpreadConstraints())
          .singleElement()
          .satisfies(
              it -> assertThat(Cluster.selects(it.getLabelSelector(), workload.labels())).isTrue());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"overlays/job", "overlays/kueue"})
  void theJobOfTheLearnerEndsWithItsRun(String kustomization)
      throws IOException, InterruptedException {
    Cluster cluster = cluster(kustomization);
    Workload learner = cluster.workload("learner");
    assertThat(learner.selector()).as("a Job finds its pods itself").isEmpty();
    assertThat(learner.pod().getRestartPolicy()).isEqualTo("Never");
    assertThat(ConfigurationRules.config(cluster, learner).learner().exitWhenComplete()).isTrue();
    Cluster base = cluster(".");
    assertThat(
            ConfigurationRules.config(base, base.workload("learner")).learner().exitWhenComplete())
        .isFalse();
  }

  @Test
  void whatKueueHoldsBackBearsItsLabel() throws IOException, InterruptedException {
    assertThat(
            cluster("overlays/kueue").objects().stream()
                .filter(it -> it.getMetadata().getLabels().containsKey("kueue.x-k8s.io/queue-name"))
                .map(it -> it.getKind() + "/" + it.getMetadata().getName()))
        .containsExactlyInAnyOrder("Job/learner", "Deployment/rollout");
  }

  @Test
  void onlyTheJudgeIsANativeBinaryAndInItsOverlayAlone() throws IOException, InterruptedException {
    Map<String, String> tags = tags("overlays/native");
    assertThat(tags).containsEntry("reward", ApplicationRules.VERSION + "-native");
    tags.put("reward", ApplicationRules.VERSION);
    assertThat(tags).isEqualTo(tags("."));
  }

  private static Map<String, String> tags(String kustomization)
      throws IOException, InterruptedException {
    return cluster(kustomization).services().stream()
        .collect(Collectors.toMap(Workload::name, Workload::imageTag));
  }

  @Test
  void aBrokerWithAVolumeKeepsItsRecordsInAFolderOfIt() throws IOException, InterruptedException {
    Workload kafka = cluster("overlays/kafka-pvc").workload("kafka");
    assertThat(kafka.claims()).hasSize(1);
    assertThat(kafka.environment().get("KAFKA_LOG_DIRS")).isEqualTo("/var/lib/kafka/data/records");
  }

  @Test
  void kedaScalesTheRolloutReplicasByWhatTheLearnerTells()
      throws IOException, InterruptedException {
    Cluster cluster = cluster("overlays/keda");
    Custom.ScaledObject scaler =
        StrictModel.spec(
            cluster.all(GenericKubernetesResource.class).getFirst(), Custom.ScaledObject.class);
    assertThat(scaler.scaleTargetRef().name()).isEqualTo("rollout");
    assertThat(scaler.triggers())
        .singleElement()
        .satisfies(
            it -> {
              assertThat(it.type()).isEqualTo("external");
              assertThat(it.metadata())
                  .containsOnlyKeys("scalerAddress", "prompts")
                  .containsEntry("scalerAddress", "learner.drpo.svc:9000");
            });
    assertThat(
            cluster.all(Deployment.class).stream()
                .filter(it -> it.getMetadata().getName().equals("rollout"))
                .map(it -> it.getSpec().getReplicas()))
        .as("replicas that an apply would set back")
        .containsOnlyNulls();
  }
}
