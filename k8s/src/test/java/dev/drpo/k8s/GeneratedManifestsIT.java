package dev.drpo.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.Probe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The manifests that Quarkus generates when a service is packaged know its ports and health
 * endpoints from the application itself: those written by hand have to have the same.
 */
class GeneratedManifestsIT {
  /** Set by Quarkus everywhere, and read by nobody here. */
  private static final String NAMESPACE = "KUBERNETES_NAMESPACE";

  @ParameterizedTest
  @ValueSource(strings = {"reward", "rollout", "learner"})
  void portsProbesAndVariablesAreThoseOfTheApplication(String service)
      throws IOException, InterruptedException {
    Workload written = Cluster.of(StrictModel.documents(Kustomize.render("."))).workload(service);
    JsonNode generated = generated(service);

    assertThat(ports(generated))
        .isEqualTo(
            written.container().getPorts().stream()
                .collect(
                    Collectors.toMap(ContainerPort::getName, ContainerPort::getContainerPort)));
    same(written, generated.path("startupProbe"), written.container().getStartupProbe());
    same(written, generated.path("readinessProbe"), written.container().getReadinessProbe());
    same(written, generated.path("livenessProbe"), written.container().getLivenessProbe());

    Map<String, String> variables = variables(generated);
    assertThat(variables).containsKeys("DRPO_CONFIG", "DRPO_REPLICA", NAMESPACE);
    variables.remove(NAMESPACE);
    // The generated ones know no folder for native libraries.
    assertThat(written.environment()).containsAllEntriesOf(variables);
  }

  private static JsonNode generated(String service) throws IOException {
    Path file = Kustomize.ROOT.resolve(service + "-service/target/kubernetes/kubernetes.yml");
    return StrictModel.documents(Files.readString(file)).stream()
        .filter(it -> it.path("kind").asText().equals("Deployment"))
        .findFirst()
        .orElseThrow(() -> new AssertionError(file + " has no Deployment"))
        .at("/spec/template/spec/containers/0");
  }

  private static Map<String, Integer> ports(JsonNode container) {
    Map<String, Integer> ports = new TreeMap<>();
    container
        .path("ports")
        .forEach(it -> ports.put(it.path("name").asText(), it.path("containerPort").asInt()));
    return ports;
  }

  private static void same(Workload workload, JsonNode generated, Probe written) {
    assertThat(written.getHttpGet().getPath()).isEqualTo(generated.at("/httpGet/path").asText());
    assertThat(workload.port(written.getHttpGet().getPort()))
        .contains(generated.at("/httpGet/port").asInt());
  }

  /** A field of the pod stands as {@link Workload#environment} has it. */
  private static Map<String, String> variables(JsonNode container) {
    Map<String, String> variables = new TreeMap<>();
    String pod = container.path("name").asText() + "-0";
    container
        .path("env")
        .forEach(it -> variables.put(it.path("name").asText(), it.path("value").asText(pod)));
    return variables;
  }
}
