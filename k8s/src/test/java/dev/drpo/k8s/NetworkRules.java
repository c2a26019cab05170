package dev.drpo.k8s;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyEgressRule;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyIngressRule;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeer;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPort;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Who may talk to whom by the network policies. A connection between two pods needs the consent of
 * both; a pod that no policy selects consents to everything.
 */
final class NetworkRules {
  private static final Set<String> LOOP =
      Set.of(
          "learner -> kafka:9092",
          "rollout -> kafka:9092",
          "reward -> kafka:9092",
          // It writes the state of share groups through its own listener.
          "kafka -> kafka:9092",
          "rollout -> learner:9000");

  private NetworkRules() {}

  /** The arrows of the loop, names, and what an overlay brings along; nothing else. */
  static Stream<String> edges(Cluster cluster) {
    Set<String> wanted = new TreeSet<>(LOOP);
    for (Workload workload : cluster.workloads()) {
      wanted.add(workload.name() + " -> anywhere:53");
      if (!workload.pod().getInitContainers().isEmpty()) {
        wanted.add(workload.name() + " -> anywhere:443");
      }
    }
    for (GenericKubernetesResource custom : cluster.all(GenericKubernetesResource.class)) {
      switch (custom.getKind()) {
        case "ServiceMonitor" ->
            cluster.services().forEach(it -> wanted.add("monitoring -> " + it.name() + ":8080"));
        case "PrometheusRule" -> {
          // Prometheus reads it from the API server.
        }
        case "ScaledObject" -> wanted.add("keda -> learner:9000");
        // The operator's pods have policies of its own.
        case "Kafka" -> wanted.removeIf(it -> it.contains("kafka"));
        case "Issuer", "Certificate", "KafkaNodePool", "KafkaUser" -> {}
        default -> throw new IllegalStateException(custom.getKind() + " brings unknown arrows");
      }
    }
    Set<String> allowed = allowed(cluster);
    Set<String> missing = new TreeSet<>(wanted);
    missing.removeAll(allowed);
    Set<String> excess = new TreeSet<>(allowed);
    excess.removeAll(wanted);
    return Stream.concat(
        missing.stream().map(it -> "no policy allows " + it),
        excess.stream().map(it -> "policies allow " + it));
  }

  private static Set<String> allowed(Cluster cluster) {
    List<NetworkPolicy> policies = cluster.all(NetworkPolicy.class);
    Set<String> edges = new TreeSet<>();
    for (Workload target : cluster.workloads()) {
      for (var opened : target.container().getPorts()) {
        int port = opened.getContainerPort();
        for (Workload source : cluster.workloads()) {
          if (mayLeave(policies, source, target, port)
              && mayEnter(policies, source, target, port)) {
            edges.add(source.name() + " -> " + target.name() + ":" + port);
          }
        }
        for (NetworkPolicyIngressRule rule : entrances(policies, target)) {
          if (opens(rule.getPorts(), port)) {
            rule.getFrom().stream()
                .filter(it -> it.getNamespaceSelector() != null || it.getIpBlock() != null)
                .forEach(it -> edges.add(outside(it) + " -> " + target.name() + ":" + port));
            if (rule.getFrom().isEmpty()) {
              edges.add("anywhere -> " + target.name() + ":" + port);
            }
          }
        }
        if (!isolated(policies, target, "Ingress")) {
          edges.add("anywhere -> " + target.name() + ":" + port);
        }
      }
    }
    for (Workload source : cluster.workloads()) {
      exits(policies, source).stream()
          .filter(it -> it.getTo().isEmpty())
          .forEach(
              it -> {
                it.getPorts()
                    .forEach(
                        port ->
                            edges.add(
                                source.name() + " -> anywhere:" + port.getPort().getIntVal()));
                if (it.getPorts().isEmpty()) {
                  edges.add(source.name() + " -> anywhere");
                }
              });
      if (!isolated(policies, source, "Egress")) {
        edges.add(source.name() + " -> anywhere");
      }
    }
    return edges;
  }

  private static String outside(NetworkPolicyPeer peer) {
    return peer.getNamespaceSelector() == null
        ? "anywhere"
        : String.valueOf(
            Map.copyOf(peer.getNamespaceSelector().getMatchLabels())
                .getOrDefault("kubernetes.io/metadata.name", "every namespace"));
  }

  private static boolean mayLeave(
      List<NetworkPolicy> policies, Workload source, Workload target, int port) {
    return !isolated(policies, source, "Egress")
        || exits(policies, source).stream()
            .anyMatch(
                it ->
                    opens(it.getPorts(), port)
                        && (it.getTo().isEmpty() || takes(it.getTo(), target)));
  }

  private static boolean mayEnter(
      List<NetworkPolicy> policies, Workload source, Workload target, int port) {
    return !isolated(policies, target, "Ingress")
        || entrances(policies, target).stream()
            .anyMatch(
                it ->
                    opens(it.getPorts(), port)
                        && (it.getFrom().isEmpty() || takes(it.getFrom(), source)));
  }

  private static boolean isolated(List<NetworkPolicy> policies, Workload workload, String way) {
    return policies.stream()
        .anyMatch(it -> selects(it, workload) && it.getSpec().getPolicyTypes().contains(way));
  }

  private static List<NetworkPolicyEgressRule> exits(
      List<NetworkPolicy> policies, Workload workload) {
    return policies.stream()
        .filter(it -> selects(it, workload))
        .flatMap(it -> it.getSpec().getEgress().stream())
        .toList();
  }

  private static List<NetworkPolicyIngressRule> entrances(
      List<NetworkPolicy> policies, Workload workload) {
    return policies.stream()
        .filter(it -> selects(it, workload))
        .flatMap(it -> it.getSpec().getIngress().stream())
        .toList();
  }

  private static boolean selects(NetworkPolicy policy, Workload workload) {
    return Cluster.selects(policy.getSpec().getPodSelector(), workload.labels());
  }

  private static boolean takes(List<NetworkPolicyPeer> peers, Workload workload) {
    return peers.stream()
        .anyMatch(
            it ->
                it.getPodSelector() != null
                    && it.getNamespaceSelector() == null
                    && Cluster.selects(it.getPodSelector(), workload.labels()));
  }

  private static boolean opens(List<NetworkPolicyPort> ports, int port) {
    return ports.isEmpty()
        || ports.stream().anyMatch(it -> Integer.valueOf(port).equals(it.getPort().getIntVal()));
  }
}
