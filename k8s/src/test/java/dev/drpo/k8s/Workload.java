package dev.drpo.k8s;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What a Deployment, a StatefulSet and a Job have in common.
 *
 * @param selector empty for a Job, which finds its pods itself
 * @param claims of volumes that a StatefulSet makes for each pod
 * @param replicas how many pods
 */
record Workload(
    String name,
    Optional<LabelSelector> selector,
    PodTemplateSpec template,
    List<PersistentVolumeClaim> claims,
    int replicas) {

  static List<Workload> of(List<HasMetadata> objects) {
    return objects.stream().flatMap(Workload::of).toList();
  }

  private static Stream<Workload> of(HasMetadata object) {
    String name = object.getMetadata().getName();
    return switch (object) {
      case Deployment it ->
          Stream.of(
              new Workload(
                  name,
                  Optional.of(it.getSpec().getSelector()),
                  it.getSpec().getTemplate(),
                  List.of(),
                  it.getSpec().getReplicas() == null ? 1 : it.getSpec().getReplicas()));
      case StatefulSet it ->
          Stream.of(
              new Workload(
                  name,
                  Optional.of(it.getSpec().getSelector()),
                  it.getSpec().getTemplate(),
                  it.getSpec().getVolumeClaimTemplates(),
                  it.getSpec().getReplicas()));
      case Job it ->
          Stream.of(new Workload(name, Optional.empty(), it.getSpec().getTemplate(), List.of(), 1));
      default -> Stream.empty();
    };
  }

  PodSpec pod() {
    return template.getSpec();
  }

  Map<String, String> labels() {
    return template.getMetadata().getLabels();
  }

  /** The one that goes on; others prepare for it. */
  Container container() {
    return pod().getContainers().getFirst();
  }

  Stream<Container> containers() {
    return Stream.concat(pod().getInitContainers().stream(), pod().getContainers().stream());
  }

  /** Whether it runs one of this project's services. */
  boolean isService() {
    return container().getImage().startsWith("drpo/");
  }

  /** The module of the service, such as {@code rollout-service}. */
  String module() {
    return container().getImage().replaceFirst("^drpo/", "").replaceFirst(":.*$", "");
  }

  String imageTag() {
    return container().getImage().replaceFirst("^[^:]*:?", "");
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

  /**
   * Bytes of a volume in memory of the node or on its disk, by its name; empty if it has no limit.
   */
  Optional<Long> volumeLimit(String volume) {
    return pod().getVolumes().stream()
        .filter(it -> it.getName().equals(volume) && it.getEmptyDir() != null)
        .flatMap(it -> Stream.ofNullable(it.getEmptyDir().getSizeLimit()))
        .map(it -> it.getNumericalAmount().longValueExact())
        .findFirst();
  }

  /** Bytes of memory that the main container may take; 0 if nothing is said. */
  long memoryLimit() {
    Quantity limit = limits().get("memory");
    return limit == null ? 0 : limit.getNumericalAmount().longValueExact();
  }

  /** What the main container may take. */
  Map<String, Quantity> limits() {
    Map<String, Quantity> limits = container().getResources().getLimits();
    return limits == null ? Map.of() : limits;
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
