package dev.drpo.k8s;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.LabelSelectorRequirement;
import io.fabric8.kubernetes.api.model.Service;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a kustomization puts into a cluster. */
record Cluster(List<HasMetadata> objects, List<Workload> workloads) {

  static Cluster of(List<JsonNode> documents) throws IOException {
    List<HasMetadata> objects = StrictModel.parse(documents);
    return new Cluster(objects, Workload.of(objects));
  }

  <T extends HasMetadata> List<T> all(Class<T> kind) {
    return objects.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  /** Those of our own images. */
  List<Workload> services() {
    return workloads.stream().filter(Workload::isService).toList();
  }

  Workload workload(String name) {
    return workloads.stream()
        .filter(it -> it.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError("there is no workload " + name));
  }

  Optional<Service> service(String name) {
    return all(Service.class).stream()
        .filter(it -> it.getMetadata().getName().equals(name))
        .findFirst();
  }

  Optional<ConfigMap> configMap(String name) {
    return all(ConfigMap.class).stream()
        .filter(it -> it.getMetadata().getName().equals(name))
        .findFirst();
  }

  List<Workload> selectedBy(Map<String, String> labels) {
    return workloads.stream()
        .filter(it -> it.labels().entrySet().containsAll(labels.entrySet()))
        .toList();
  }

  /** Whether a selector of labels, which may have expressions, takes some labels. */
  static boolean selects(LabelSelector selector, Map<String, String> labels) {
    Map<String, String> exact =
        selector.getMatchLabels() == null ? Map.of() : selector.getMatchLabels();
    return labels.entrySet().containsAll(exact.entrySet())
        && selector.getMatchExpressions().stream().allMatch(it -> holds(it, labels));
  }

  private static boolean holds(LabelSelectorRequirement it, Map<String, String> labels) {
    String value = labels.get(it.getKey());
    return switch (it.getOperator()) {
      case "In" -> value != null && it.getValues().contains(value);
      case "NotIn" -> value == null || !it.getValues().contains(value);
      case "Exists" -> value != null;
      case "DoesNotExist" -> value == null;
      default -> throw new IllegalArgumentException(it.getOperator() + " is no operator");
    };
  }
}
