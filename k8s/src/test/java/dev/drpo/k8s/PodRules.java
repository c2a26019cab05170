package dev.drpo.k8s;

import static dev.drpo.k8s.Rule.unless;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What holds of pods, whoever's they are. */
final class PodRules {
  private PodRules() {}

  static Stream<String> selectors(Cluster cluster) {
    return cluster.workloads().stream()
        .filter(it -> it.selector().isPresent())
        .flatMap(
            it -> {
              Map<String, String> labels = it.selector().get().getMatchLabels();
              return unless(
                  labels != null
                      && !labels.isEmpty()
                      && it.labels().entrySet().containsAll(labels.entrySet()),
                  "the selector of " + it.name() + " does not find its pods");
            });
  }

  static Stream<String> volumes(Cluster cluster) {
    return cluster.workloads().stream()
        .flatMap(
            workload -> {
              Set<String> there =
                  Stream.concat(
                          workload.pod().getVolumes().stream().map(Volume::getName),
                          workload.claims().stream().map(it -> it.getMetadata().getName()))
                      .collect(Collectors.toSet());
              Set<String> mounted =
                  workload
                      .containers()
                      .flatMap(it -> it.getVolumeMounts().stream())
                      .map(VolumeMount::getName)
                      .collect(Collectors.toSet());
              List<String> paths =
                  workload.container().getVolumeMounts().stream()
                      .map(VolumeMount::getMountPath)
                      .toList();
              String cache = workload.environment().getOrDefault("DJL_CACHE_DIR", "/tmp");
              return Stream.of(
                      unless(
                          there.equals(mounted),
                          workload.name() + " mounts the volumes " + mounted + " and has " + there),
                      unless(paths.contains("/tmp"), workload.name() + " has no volume for /tmp"),
                      unless(
                          paths.contains(cache), workload.name() + " has no volume for " + cache),
                      workload.pod().getVolumes().stream()
                          .flatMap(it -> volume(cluster, workload, it)))
                  .flatMap(it -> it);
            });
  }

  private static Stream<String> volume(Cluster cluster, Workload workload, Volume volume) {
    String name = "the volume " + volume.getName() + " of " + workload.name();
    if (volume.getConfigMap() != null) {
      String map = volume.getConfigMap().getName();
      return unless(cluster.configMap(map).isPresent(), name + " wants a ConfigMap " + map);
    }
    if (volume.getPersistentVolumeClaim() != null) {
      String claim = volume.getPersistentVolumeClaim().getClaimName();
      return unless(
          cluster.all(PersistentVolumeClaim.class).stream()
              .anyMatch(it -> it.getMetadata().getName().equals(claim)),
          name + " wants a claim " + claim);
    }
    if (volume.getSecret() != null) {
      String secret = volume.getSecret().getSecretName();
      return unless(
          Secrets.madeFor(cluster).contains(secret),
          name + " wants a Secret " + secret + ", which no operator makes");
    }
    return unless(
        volume.getEmptyDir() != null && volume.getEmptyDir().getSizeLimit() != null,
        name + " has no limit of its size");
  }

  /** The restricted profile, and more. */
  static Stream<String> security(Cluster cluster) {
    return cluster.workloads().stream()
        .flatMap(
            workload -> {
              PodSecurityContext pod = workload.pod().getSecurityContext();
              boolean restricted =
                  pod != null
                      && Boolean.TRUE.equals(pod.getRunAsNonRoot())
                      && pod.getRunAsUser() != null
                      && pod.getRunAsUser() > 0
                      && pod.getSeccompProfile() != null
                      && "RuntimeDefault".equals(pod.getSeccompProfile().getType());
              return Stream.of(
                      unless(
                          restricted && workload.containers().allMatch(PodRules::isRestricted),
                          workload.name() + " leaves the restricted profile"),
                      unless(
                          Boolean.FALSE.equals(workload.pod().getEnableServiceLinks()),
                          workload.name() + " gets its neighbours' variables"),
                      unless(
                          Boolean.FALSE.equals(workload.pod().getAutomountServiceAccountToken()),
                          workload.name() + " gets a token of the cluster"),
                      unless(
                          workload.pod().getTerminationGracePeriodSeconds() != null
                              && workload.pod().getTerminationGracePeriodSeconds() > 0,
                          workload.name() + " does not say how long its end may take"))
                  .flatMap(it -> it);
            });
  }

  private static boolean isRestricted(Container container) {
    SecurityContext security = container.getSecurityContext();
    return security != null
        && Boolean.TRUE.equals(security.getReadOnlyRootFilesystem())
        && Boolean.FALSE.equals(security.getAllowPrivilegeEscalation())
        && security.getCapabilities() != null
        && security.getCapabilities().getDrop().equals(List.of("ALL"));
  }

  static Stream<String> resources(Cluster cluster) {
    return cluster.workloads().stream()
        .flatMap(
            workload ->
                workload
                    .containers()
                    .flatMap(it -> unless(says(it.getResources()), sizes(workload, it))));
  }

  private static String sizes(Workload workload, Container container) {
    return "the container %s of %s does not say what it needs and may take"
        .formatted(container.getName(), workload.name());
  }

  private static Quantity of(Map<String, Quantity> quantities, String name) {
    return quantities == null ? null : quantities.get(name);
  }

  private static boolean says(ResourceRequirements resources) {
    return resources != null
        && Stream.of("cpu", "memory")
            .allMatch(
                it -> {
                  Quantity request = of(resources.getRequests(), it);
                  Quantity limit = of(resources.getLimits(), it);
                  return request != null
                      && limit != null
                      && request.getNumericalAmount().compareTo(limit.getNumericalAmount()) <= 0;
                });
  }
}
