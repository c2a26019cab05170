package dev.drpo.k8s;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What a Deployment and a StatefulSet have in common. */
record Workload(String name, LabelSelector selector, PodTemplateSpec template) {
  static List<Workload> of(List<HasMetadata> objects) {
    return objects.stream().flatMap(Workload::of).toList();
  }

  private static Stream<Workload> of(HasMetadata object) {
    String name = object.getMetadata().getName();
    return switch (object) {
      case Deployment it ->
          Stream.of(new Workload(name, it.getSpec().getSelector(), it.getSpec().getTemplate()));
      case StatefulSet it ->
          Stream.of(new Workload(name, it.getSpec().getSelector(), it.getSpec().getTemplate()));
      default -> Stream.empty();
    };
  }

  PodSpec pod() {
    return template.getSpec();
  }

  Container container() {
    return pod().getContainers().getFirst();
  }

  /** Whether it runs one of this project's services. */
  boolean isService() {
    return container().getImage().startsWith("drpo/");
  }

  /** The module of the service, such as {@code rollout-service}. */
  String module() {
    return container().getImage().replaceFirst("^drpo/", "").replaceFirst(":.*$", "");
  }

  /** Variables by name; one that the cluster fills in at run time stands as the pod's name. */
  Map<String, String> environment() {
    Map<String, String> environment = new TreeMap<>();
    for (EnvVar variable : container().getEnv()) {
      environment.put(
          variable.getName(), variable.getValue() == null ? name + "-0" : variable.getValue());
    }
    return environment;
  }

  /** The container port that a probe or a service means, by number or by name. */
  Optional<Integer> port(IntOrString target) {
    return container().getPorts().stream()
        .filter(
            port ->
                target.getStrVal() == null
                    ? port.getContainerPort().equals(target.getIntVal())
                    : target.getStrVal().equals(port.getName()))
        .map(ContainerPort::getContainerPort)
        .findFirst();
  }
}
