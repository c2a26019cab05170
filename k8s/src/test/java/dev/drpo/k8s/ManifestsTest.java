package dev.drpo.k8s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drpo.runtime.config.RunConfig;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import java.io.IOException;
import java.io.StringReader;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ManifestsTest {
  private static final long MEBIBYTE = 1 << 20;

  /** Peaks of resident memory over a whole quickstart in a cluster, MiB. */
  private static final Map<String, Integer> PEAKS =
      Map.of("learner", 2296, "rollout", 1024, "kafka", 724, "reward", 130);

  /** CPUs that the pods of a control plane by kind ask for. */
  private static final BigDecimal KIND = new BigDecimal("0.95");

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
    agrees(cluster(kustomization));
  }

  /** There is what a run needs, once, and every rule holds. */
  static void agrees(Cluster cluster) throws IOException {
    List<String> workloads = new ArrayList<>(List.of("learner", "reward", "rollout"));
    if (Secrets.broker(cluster).isEmpty()) {
      workloads.add("kafka");
    }
    assertThat(cluster.workloads().stream().map(Workload::name))
        .containsExactlyInAnyOrderElementsOf(workloads);
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
                    """
                    apiVersion: monitoring.coreos.com/v1
                    kind: ServiceMonitor
                    spec: {endpoint: []}
                    """))
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
            "%s CPU and %d MiB of memory"
                .formatted(cpus.stripTrailingZeros().toPlainString(), memory / MEBIBYTE));
    assertThat(cpus.add(KIND)).as("CPUs with kind's own pods").isLessThanOrEqualTo(BigDecimal.TWO);
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

  @ParameterizedTest
  @CsvSource({"job kueue, Job", "kueue job, Job", "kueue, StatefulSet"})
  void whatKueueHoldsBackBearsItsLabel(String components, String learner)
      throws IOException, InterruptedException {
    assertThat(
            ComponentsTest.cluster("base", List.of(components.split(" "))).objects().stream()
                .filter(it -> it.getMetadata().getLabels().containsKey("kueue.x-k8s.io/queue-name"))
                .map(it -> it.getKind() + "/" + it.getMetadata().getName()))
        .containsExactlyInAnyOrder(learner + "/learner", "Deployment/rollout");
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
  void whoeverCallsAServiceShowsACertificate() throws IOException, InterruptedException {
    Cluster cluster = cluster("overlays/tls");
    for (Workload service : cluster.services()) {
      RunConfig config = ConfigurationRules.config(cluster, service);
      assertThat(config.tls().asksCallers()).as(service.name()).isTrue();
      assertThat(config.tls().calls()).as(service.name()).isTrue();
    }
  }

  @Test
  void noSecretStandsInTheManifests() throws IOException, InterruptedException {
    for (String kustomization : kustomizations()) {
      assertThat(Kustomize.render(kustomization))
          .doesNotContainPattern("kind: Secret\\b")
          .doesNotContain("PRIVATE KEY");
    }
  }

  @Test
  void strimzisBrokerIsSetAsTheBasesAndReachedByItsClientsSettings()
      throws IOException, InterruptedException {
    Cluster cluster = cluster("overlays/strimzi");
    Custom.Kafka.Broker broker =
        StrictModel.spec(Secrets.broker(cluster).orElseThrow(), Custom.Kafka.class).kafka();
    Map<String, String> base = cluster(".").workload("kafka").environment();
    broker
        .config()
        .forEach(
            (name, value) -> {
              String variable = "KAFKA_" + name.toUpperCase(Locale.ROOT).replace('.', '_');
              if (!name.equals("group.coordinator.rebalance.protocols")) {
                assertThat(String.valueOf(value)).as(name).isEqualTo(base.get(variable));
              }
            });
    assertThat(broker.config().get("group.coordinator.rebalance.protocols").toString())
        .contains("share");
    int port = broker.listeners().getFirst().port();
    for (Workload service : cluster.services()) {
      List<String> mounted =
          service.container().getVolumeMounts().stream().map(it -> it.getMountPath()).toList();
      Properties client = new Properties();
      client.load(new StringReader(clientProperties(cluster)));
      assertThat(client.getProperty("security.protocol")).isEqualTo("SSL");
      assertThat(client.stringPropertyNames().stream().map(client::getProperty))
          .filteredOn(value -> value.startsWith("${secret:"))
          .hasSize(3)
          .allSatisfy(
              value -> assertThat(mounted).contains(value.replaceAll("\\$\\{secret:|:.*}$", "")));
      assertThat(cluster.all(NetworkPolicy.class))
          .as("the way of %s to the broker", service.name())
          .anySatisfy(
              it -> {
                assertThat(Cluster.selects(it.getSpec().getPodSelector(), service.labels()))
                    .isTrue();
                assertThat(it.getSpec().getEgress())
                    .anySatisfy(
                        way -> {
                          assertThat(way.getTo())
                              .anySatisfy(
                                  to ->
                                      assertThat(to.getPodSelector().getMatchLabels())
                                          .containsEntry("strimzi.io/cluster", "kafka"));
                          assertThat(way.getPorts())
                              .anySatisfy(
                                  to -> assertThat(to.getPort().getIntVal()).isEqualTo(port));
                        });
              });
    }
    assertThat(cluster.all(NetworkPolicy.class))
        .as("policies that would shut in the operator's pods")
        .noneMatch(it -> Cluster.selects(it.getSpec().getPodSelector(), Map.of()));
  }

  private static String clientProperties(Cluster cluster) {
    return cluster.all(ConfigMap.class).stream()
        .flatMap(it -> Stream.ofNullable(it.getData().get("client.properties")))
        .findFirst()
        .orElseThrow();
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
  }
}
