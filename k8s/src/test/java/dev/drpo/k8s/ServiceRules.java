package dev.drpo.k8s;

import static dev.drpo.k8s.Rule.unless;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;

/** What holds of what finds pods by their labels. */
final class ServiceRules {
  private ServiceRules() {}

  static Stream<String> services(Cluster cluster) {
    return cluster.all(Service.class).stream()
        .flatMap(
            service -> {
              String name = service.getMetadata().getName();
              List<Workload> targets = cluster.selectedBy(service.getSpec().getSelector());
              if (targets.size() != 1) {
                return Stream.of("the service " + name + " finds the pods of " + names(targets));
              }
              return service.getSpec().getPorts().stream()
                  .flatMap(
                      port ->
                          unless(
                              targets.getFirst().port(port.getTargetPort()).isPresent(),
                              "port %d of the service %s leads nowhere"
                                  .formatted(port.getPort(), name)));
            });
  }

  static Stream<String> statefulSets(Cluster cluster) {
    return cluster.all(StatefulSet.class).stream()
        .flatMap(
            it -> {
              String name = it.getSpec().getServiceName();
              return unless(
                  cluster
                      .service(name)
                      .filter(
                          service ->
                              "None".equals(service.getSpec().getClusterIP())
                                  && Boolean.TRUE.equals(
                                      service.getSpec().getPublishNotReadyAddresses()))
                      .isPresent(),
                  "the pods of %s have their names from the service %s, which has to be headless and to publish addresses that are not ready"
                      .formatted(it.getMetadata().getName(), name));
            });
  }

  /** Each workload has one, so that a drained node never takes what nobody thought of. */
  static Stream<String> budgets(Cluster cluster) {
    return cluster.workloads().stream().flatMap(it -> budget(cluster, it));
  }

  private static Stream<String> budget(Cluster cluster, Workload workload) {
    List<PodDisruptionBudget> budgets =
        cluster.all(PodDisruptionBudget.class).stream()
            .filter(it -> Cluster.selects(it.getSpec().getSelector(), workload.labels()))
            .toList();
    if (budgets.size() != 1) {
      return Stream.of(workload.name() + " has not exactly one disruption budget");
    }
    // Of pods whose controller has no number of replicas, only a least number of pods is
    // understood.
    boolean scaled = workload.selector().isPresent();
    return unless(
        scaled == (budgets.getFirst().getSpec().getMaxUnavailable() != null)
            && scaled == (budgets.getFirst().getSpec().getMinAvailable() == null),
        "the disruption budget of %s has to say %s"
            .formatted(workload.name(), scaled ? "maxUnavailable" : "minAvailable"));
  }

  static Stream<String> monitors(Cluster cluster) throws IOException {
    Stream<String> problems = Stream.empty();
    for (GenericKubernetesResource it : cluster.all(GenericKubernetesResource.class)) {
      if (it.getKind().equals("ServiceMonitor")) {
        problems =
            Stream.concat(
                problems, monitor(cluster, StrictModel.spec(it, Custom.ServiceMonitor.class)));
      }
    }
    return problems;
  }

  private static Stream<String> monitor(Cluster cluster, Custom.ServiceMonitor monitor) {
    List<Service> services =
        cluster.all(Service.class).stream()
            .filter(it -> Cluster.selects(monitor.selector(), it.getMetadata().getLabels()))
            .toList();
    return Stream.concat(
        unless(
            services.size() == cluster.services().size(),
            "the monitor watches " + services.size() + " services"),
        monitor.endpoints().stream()
            .flatMap(
                endpoint ->
                    unless(
                        endpoint.path().equals("/q/metrics")
                            && services.stream()
                                .allMatch(
                                    service ->
                                        service.getSpec().getPorts().stream()
                                            .anyMatch(it -> it.getName().equals(endpoint.port()))),
                        "the monitor asks " + endpoint + ", where no metrics are")));
  }

  private static List<String> names(List<Workload> workloads) {
    return workloads.stream().map(Workload::name).toList();
  }
}
