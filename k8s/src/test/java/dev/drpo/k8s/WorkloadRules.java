package dev.drpo.k8s;

import static dev.drpo.k8s.Rule.unless;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentSpec;
import io.fabric8.kubernetes.api.model.apps.RollingUpdateDeployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobSpec;
import io.fabric8.kubernetes.api.model.batch.v1.PodFailurePolicyRule;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** How the pods of a workload follow each other, and wait for each other. */
final class WorkloadRules {
  private static final String GPU = "nvidia.com/gpu";
  private static final String QUEUE = "kueue.x-k8s.io/queue-name";

  /** Exit code of a service whose configuration can't be honoured, as {@code ServiceMain} has. */
  private static final int UNUSABLE = 2;

  private WorkloadRules() {}

  /** Where every GPU is in use, a new pod gets its own only when an old one has gone. */
  static Stream<String> updates(Cluster cluster) {
    return cluster.all(Deployment.class).stream()
        .map(Deployment::getSpec)
        .filter(
            it ->
                it.getTemplate().getSpec().getContainers().stream()
                    .anyMatch(
                        container ->
                            container.getResources().getLimits() != null
                                && container.getResources().getLimits().containsKey(GPU)))
        .flatMap(
            it ->
                unless(
                    replacesInPlace(it),
                    "an update of %s waits for a GPU that the pods to be replaced have"
                        .formatted(it.getTemplate().getMetadata().getLabels())));
  }

  private static boolean replacesInPlace(DeploymentSpec spec) {
    if (spec.getStrategy() == null) {
      return false;
    }
    if ("Recreate".equals(spec.getStrategy().getType())) {
      return true;
    }
    RollingUpdateDeployment update = spec.getStrategy().getRollingUpdate();
    return update != null && isZero(update.getMaxSurge()) && !isZero(update.getMaxUnavailable());
  }

  private static boolean isZero(IntOrString value) {
    return value != null
        && (Integer.valueOf(0).equals(value.getIntVal()) || "0%".equals(value.getStrVal()));
  }

  /** With OrderedReady, a pod that never gets ready is not replaced by what would mend it. */
  static Stream<String> replacements(Cluster cluster) {
    return cluster.all(StatefulSet.class).stream()
        .flatMap(
            it ->
                unless(
                    "Parallel".equals(it.getSpec().getPodManagementPolicy()),
                    "a pod of %s that never gets ready is not replaced: podManagementPolicy"
                        .formatted(it.getMetadata().getName())));
  }

  /** Tries again what may go well, and nothing else. */
  static Stream<String> failures(Cluster cluster) {
    return cluster.all(Job.class).stream()
        .flatMap(
            it -> {
              String name = it.getMetadata().getName();
              JobSpec job = it.getSpec();
              List<PodFailurePolicyRule> rules =
                  job.getPodFailurePolicy() == null
                      ? List.of()
                      : job.getPodFailurePolicy().getRules();
              return Stream.of(
                      unless(
                          "Never".equals(job.getTemplate().getSpec().getRestartPolicy())
                              && "Failed".equals(job.getPodReplacementPolicy()),
                          "the Job %s starts a pod before, or in, the one that fails"
                              .formatted(name)),
                      unless(
                          rules.stream().anyMatch(rule -> endsTheJob(rule, name)),
                          "the Job %s tries a configuration that can't be honoured again"
                              .formatted(name)),
                      unless(
                          rules.stream().anyMatch(WorkloadRules::forgivesDisruptions),
                          "the Job %s counts a lost node as a failure of the run".formatted(name)))
                  .flatMap(problem -> problem);
            });
  }

  private static boolean endsTheJob(PodFailurePolicyRule rule, String container) {
    return rule.getAction().equals("FailJob")
        && rule.getOnExitCodes() != null
        && container.equals(rule.getOnExitCodes().getContainerName())
        && rule.getOnExitCodes().getOperator().equals("In")
        && rule.getOnExitCodes().getValues().equals(List.of(UNUSABLE));
  }

  private static boolean forgivesDisruptions(PodFailurePolicyRule rule) {
    return rule.getAction().equals("Ignore")
        && rule.getOnPodConditions().stream()
            .anyMatch(
                it ->
                    it.getType().equals("DisruptionTarget")
                        && (it.getStatus() == null || it.getStatus().equals("True")));
  }

  /** Learner and rollout replicas need each other: both wait in the same queue, or none. */
  static Stream<String> queues(Cluster cluster) {
    Set<String> queues =
        workloads(cluster, Set.of("learner", "rollout"))
            .map(it -> it.getMetadata().getLabels().getOrDefault(QUEUE, "none"))
            .collect(Collectors.toSet());
    return unless(
        queues.size() == 1, "learner and rollout replicas wait in different queues: " + queues);
  }

  private static Stream<HasMetadata> workloads(Cluster cluster, Set<String> names) {
    return cluster.objects().stream()
        .filter(it -> !Workload.of(List.of(it)).isEmpty())
        .filter(it -> names.contains(it.getMetadata().getName()));
  }
}
