package dev.drpo.k8s;

import static dev.drpo.k8s.Rule.unless;

import dev.drpo.runtime.config.RunConfig;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** What KEDA scales the rollout replicas by. */
final class ScalerRules {
  /** What KEDA's trigger calls the parts of a certificate, and what cert-manager does. */
  private static final Map<String, String> PARTS =
      Map.of("caCert", "ca.crt", "tlsClientCert", "tls.crt", "tlsClientKey", "tls.key");

  private ScalerRules() {}

  static Stream<String> scalers(Cluster cluster) throws IOException {
    List<String> problems = new ArrayList<>();
    for (GenericKubernetesResource it : of(cluster, "ScaledObject")) {
      Custom.ScaledObject scaler = StrictModel.spec(it, Custom.ScaledObject.class);
      target(cluster, scaler).forEach(problems::add);
      Optional<RunConfig> config = ConfigurationRules.loaded(cluster, cluster.workload("learner"));
      if (config.isPresent()) {
        for (Custom.ScaledObject.Trigger trigger : scaler.triggers()) {
          prompts(config.get(), trigger).forEach(problems::add);
          certificate(cluster, config.get(), it, trigger).forEach(problems::add);
        }
      }
    }
    return problems.stream();
  }

  private static List<GenericKubernetesResource> of(Cluster cluster, String kind) {
    return cluster.all(GenericKubernetesResource.class).stream()
        .filter(it -> it.getKind().equals(kind))
        .toList();
  }

  private static Stream<String> target(Cluster cluster, Custom.ScaledObject scaler) {
    String name = scaler.scaleTargetRef().name();
    return Stream.concat(
        unless(
            cluster.all(Deployment.class).stream()
                .anyMatch(
                    it ->
                        it.getMetadata().getName().equals(name)
                            && it.getSpec().getReplicas() == null),
            "an apply sets back the replicas that KEDA gave to " + name),
        unless(
            "currentReplicas".equals(scaler.fallback().behavior()),
            "the replicas of %s do not stay where the learner does not answer".formatted(name)));
  }

  private static Stream<String> prompts(RunConfig config, Custom.ScaledObject.Trigger trigger) {
    String prompts = String.valueOf(config.rollout().slots() / config.sampling().groupSize());
    return unless(
        prompts.equals(trigger.metadata().get("prompts")),
        "a replica's slots hold %s groups, and KEDA's trigger has %s"
            .formatted(prompts, trigger.metadata()));
  }

  /** KEDA shows a certificate where the learner asks for one, from a Secret of its own object. */
  private static Stream<String> certificate(
      Cluster cluster,
      RunConfig config,
      GenericKubernetesResource scaler,
      Custom.ScaledObject.Trigger trigger)
      throws IOException {
    boolean shown =
        "true".equals(trigger.metadata().get("enableTLS")) && trigger.authenticationRef() != null;
    if (shown != config.tls().asksCallers()) {
      return Stream.of(
          "the learner asks KEDA for %s certificate, and its trigger shows %s"
              .formatted(shown ? "no" : "a", shown ? "one" : "none"));
    }
    return shown
        ? authentication(cluster, scaler, trigger.authenticationRef().name())
        : Stream.empty();
  }

  private static Stream<String> authentication(
      Cluster cluster, GenericKubernetesResource scaler, String name) throws IOException {
    Set<String> secrets = Secrets.madeFor(cluster);
    Map<String, String> parts = new HashMap<>();
    for (GenericKubernetesResource it : of(cluster, "TriggerAuthentication")) {
      if (it.getMetadata().getName().equals(name)
          && it.getMetadata().getNamespace().equals(scaler.getMetadata().getNamespace())) {
        StrictModel.spec(it, Custom.TriggerAuthentication.class).secretTargetRef().stream()
            .filter(part -> secrets.contains(part.name()))
            .forEach(part -> parts.put(part.parameter(), part.key()));
      }
    }
    return unless(
        parts.equals(PARTS),
        "KEDA's trigger takes %s from the Secrets that there are, and not %s"
            .formatted(parts, PARTS));
  }
}
