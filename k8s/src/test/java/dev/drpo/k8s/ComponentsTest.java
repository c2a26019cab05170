package dev.drpo.k8s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Components go together in any order, but for those that exclude each other. */
class ComponentsTest {
  /** Those that go together, each with what it needs. */
  private static final List<String> TOGETHER =
      List.of(
          "job",
          "kafka-pvc",
          "kafka-tls kafka-tls/certificate tls cert-manager",
          "keda-tls tls cert-manager",
          "kueue",
          "monitoring",
          "native",
          "tls cert-manager");

  static Cluster cluster(String resource, List<String> components)
      throws IOException, InterruptedException {
    return own(
        """
        apiVersion: kustomize.config.k8s.io/v1beta1
        kind: Kustomization
        resources: [drpo/k8s/%s]
        components: [%s]
        """
            .formatted(
                resource,
                components.stream()
                    .map(it -> "drpo/k8s/components/" + it)
                    .collect(Collectors.joining(", "))));
  }

  private static Cluster own(String kustomization) throws IOException, InterruptedException {
    return Cluster.of(StrictModel.documents(Kustomize.renderOwn(kustomization)));
  }

  private static List<String> parts(String... components) {
    return Stream.of(components).flatMap(it -> Stream.of(it.split(" "))).distinct().toList();
  }

  @ParameterizedTest
  @CsvSource({
    "base, kafka-pvc",
    "base, strimzi",
    "overlays/gpu-1.5b-8k, kafka-pvc",
    "overlays/gpu-7b-8k, strimzi",
    "overlays/vllm, kafka-pvc",
    "overlays/sglang, strimzi",
  })
  void allGoTogetherInAnyOrder(String resource, String broker)
      throws IOException, InterruptedException {
    List<String> components = new ArrayList<>(TOGETHER);
    components.set(components.indexOf("kafka-pvc"), broker);
    if (broker.equals("strimzi")) {
      components.removeIf(it -> it.startsWith("kafka-tls"));
    }
    if (!resource.equals("base")) {
      // Its values are the quickstart's; the document says how they are set for GPUs.
      components.removeIf(it -> it.startsWith("keda"));
    }
    List<String> parts = parts(components.toArray(String[]::new));
    Cluster cluster = cluster(resource, parts);
    Cluster reversed = cluster(resource, parts.reversed());
    ManifestsTest.agrees(cluster);
    ManifestsTest.agrees(reversed);
    assertThat(names(reversed)).isEqualTo(names(cluster));
  }

  private static List<String> names(Cluster cluster) {
    return cluster.objects().stream().map(ComponentsTest::name).sorted().toList();
  }

  private static String name(HasMetadata it) {
    return it.getKind() + "/" + it.getMetadata().getName();
  }

  @ParameterizedTest
  @CsvSource({
    "strimzi, kafka-pvc",
    "kafka-pvc, strimzi",
    "strimzi, kafka-tls",
    "kafka-tls, strimzi",
    "keda, keda-tls",
    "keda-tls, keda"
  })
  void whatExcludesEachOtherDoesNotRender(String first, String second) {
    assertThatThrownBy(() -> cluster("base", parts(first, second, "tls", "cert-manager")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("kubectl kustomize");
  }

  @Test
  void aTriggerWithoutTheCertificateThatTheLearnerAsksForIsFound()
      throws IOException, InterruptedException {
    assertThat(Rule.check(cluster("base", List.of("keda", "tls", "cert-manager"))))
        .anyMatch(it -> it.contains("its trigger shows none"));
  }

  @Test
  void theOutermostKustomizationIsTheOnePlaceForTags() throws IOException, InterruptedException {
    Cluster cluster =
        own(
            """
            apiVersion: kustomize.config.k8s.io/v1beta1
            kind: Kustomization
            resources: [drpo/k8s/overlays/vllm]
            components: [drpo/k8s/components/native, drpo/k8s/components/job]
            images:
              - {name: drpo/learner-service, newTag: mine-cuda}
              - {name: drpo/reward-service, newTag: mine-native}
              - {name: drpo/rollout-service, newTag: mine}
            """);
    assertThat(cluster.services().stream().map(it -> it.container().getImage()))
        .containsExactlyInAnyOrder(
            "drpo/learner-service:mine-cuda",
            "drpo/reward-service:mine-native",
            "drpo/rollout-service:mine");
  }

  static List<String> examples() throws IOException {
    return Pattern.compile("(?s)```yaml\n(.*?)```")
        .matcher(Files.readString(Kustomize.ROOT.resolve("docs/kubernetes.md")))
        .results()
        .map((MatchResult it) -> it.group(1))
        .filter(it -> it.contains("[drpo/k8s/overlays/"))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("examples")
  void theDocumentsKustomizationsAgreeWithTheApplications(String example)
      throws IOException, InterruptedException {
    ManifestsTest.agrees(own(example));
  }

  @Test
  void theDocumentSaysHowKedaScalesOverGpus() throws IOException, InterruptedException {
    int found = 0;
    for (String example : examples()) {
      Cluster cluster = own(example);
      for (GenericKubernetesResource it : cluster.all(GenericKubernetesResource.class)) {
        if (it.getKind().equals("ScaledObject")) {
          found++;
          assertThat(StrictModel.spec(it, Custom.ScaledObject.class).maxReplicaCount())
              .isEqualTo(3);
        }
      }
    }
    assertThat(found).isEqualTo(1);
  }
}
