package dev.drpo.k8s;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeer;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPort;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Who may talk to whom by the network policies. A connection between two pods needs the consent of
 * both, so that the policies of either end have to allow every arrow of the diagram. They may allow
 * nothing else, whatever kind of peer they name. An arrow is {@code FROM -> TO:PORT}, by TCP unless
 * it ends with another protocol.
 */
final class NetworkRules {
  private static final List<String> LOOP =
      List.of(
          "learner -> kafka:9092",
          "rollout -> kafka:9092",
          "reward -> kafka:9092",
          // It writes the state of share groups through its own listener.
          "kafka -> kafka:9092",
          "rollout -> learner:9000");

  private NetworkRules() {}

  /** The arrows of the loop, names, and what an overlay brings along; nothing else. */
  static Stream<String> edges(Cluster cluster) throws IOException {
    Set<String> exits = new TreeSet<>(LOOP);
    Set<String> entrances = new TreeSet<>(LOOP);
    for (Workload workload : cluster.workloads()) {
      exits.add(workload.name() + " -> anywhere:53");
      exits.add(workload.name() + " -> anywhere:53/UDP");
      if (!workload.pod().getInitContainers().isEmpty()) {
        exits.add(workload.name() + " -> anywhere:443");
      }
    }
    for (GenericKubernetesResource custom : cluster.all(GenericKubernetesResource.class)) {
      switch (custom.getKind()) {
        case "ServiceMonitor" ->
            cluster
                .services()
                .forEach(it -> entrances.add("namespace monitoring -> " + it.name() + ":8080"));
        case "ScaledObject" -> entrances.add("namespace keda -> learner:9000");
        case "Kafka" -> {
          // The operator's pods have policies of its own.
          exits.removeIf(it -> it.contains("kafka"));
          entrances.removeIf(it -> it.contains("kafka"));
          String broker = "pods strimzi.io/cluster=" + custom.getMetadata().getName();
          int port =
              StrictModel.spec(custom, Custom.Kafka.class).kafka().listeners().getFirst().port();
          cluster
              .services()
              .forEach(it -> exits.add("%s -> %s:%d".formatted(it.name(), broker, port)));
        }
        // What operators read from the API server.
        case "PrometheusRule",
            "TriggerAuthentication",
            "Issuer",
            "Certificate",
            "KafkaNodePool",
            "KafkaUser" -> {}
        default -> throw new IllegalStateException(custom.getKind() + " brings unknown arrows");
      }
    }
    return Stream.concat(
        compared(exits, exits(cluster), "out"), compared(entrances, entrances(cluster), "in"));
  }

  private static Stream<String> compared(Set<String> wanted, Set<String> allowed, String way) {
    return Stream.concat(
        wanted.stream()
            .filter(it -> !allowed.contains(it))
            .map(it -> "no policy lets %s %s".formatted(way, it)),
        allowed.stream()
            .filter(it -> !wanted.contains(it))
            .map(it -> "policies let %s %s".formatted(way, it)));
  }

  private static Set<String> exits(Cluster cluster) {
    Set<String> arrows = new TreeSet<>();
    for (Workload source : cluster.workloads()) {
      for (NetworkPolicy policy : policies(cluster, source, "Egress", arrows)) {
        for (var rule : policy.getSpec().getEgress()) {
          for (String to : peers(cluster, rule.getTo())) {
            ports(rule.getPorts()).forEach(it -> arrows.add(source.name() + " -> " + to + it));
          }
        }
      }
    }
    return arrows;
  }

  private static Set<String> entrances(Cluster cluster) {
    Set<String> arrows = new TreeSet<>();
    for (Workload target : cluster.workloads()) {
      for (NetworkPolicy policy : policies(cluster, target, "Ingress", arrows)) {
        for (var rule : policy.getSpec().getIngress()) {
          for (String from : peers(cluster, rule.getFrom())) {
            ports(rule.getPorts()).forEach(it -> arrows.add(from + " -> " + target.name() + it));
          }
        }
      }
    }
    return arrows;
  }

  /** Those that hold for a workload; where there is none, it consents to everything. */
  private static List<NetworkPolicy> policies(
      Cluster cluster, Workload workload, String type, Set<String> arrows) {
    List<NetworkPolicy> policies =
        cluster.all(NetworkPolicy.class).stream()
            .filter(it -> it.getSpec().getPolicyTypes().contains(type))
            .filter(it -> Cluster.selects(it.getSpec().getPodSelector(), workload.labels()))
            .toList();
    if (policies.isEmpty()) {
      arrows.add(
          type.equals("Egress")
              ? workload.name() + " -> anywhere"
              : "anywhere -> " + workload.name());
    }
    return policies;
  }

  private static List<String> peers(Cluster cluster, List<NetworkPolicyPeer> peers) {
    return peers.isEmpty()
        ? List.of("anywhere")
        : peers.stream().flatMap(it -> peer(cluster, it)).toList();
  }

  /** The workloads of this namespace that a peer means, or whatever else it is. */
  private static Stream<String> peer(Cluster cluster, NetworkPolicyPeer peer) {
    if (peer.getIpBlock() != null) {
      return Stream.of("address " + peer.getIpBlock().getCidr());
    }
    if (peer.getNamespaceSelector() == null) {
      List<String> workloads =
          cluster.workloads().stream()
              .filter(it -> Cluster.selects(peer.getPodSelector(), it.labels()))
              .map(Workload::name)
              .toList();
      return workloads.isEmpty()
          ? Stream.of("pods " + labels(peer.getPodSelector()))
          : workloads.stream();
    }
    String namespace =
        "namespace "
            + labels(peer.getNamespaceSelector()).replace("kubernetes.io/metadata.name=", "");
    return Stream.of(
        peer.getPodSelector() == null
            ? namespace
            : "pods %s of %s".formatted(labels(peer.getPodSelector()), namespace));
  }

  private static String labels(LabelSelector selector) {
    List<String> labels = new ArrayList<>();
    Map<String, String> exact = selector.getMatchLabels();
    if (exact != null) {
      exact.forEach((name, value) -> labels.add(name + "=" + value));
    }
    selector.getMatchExpressions().forEach(it -> labels.add(it.toString()));
    return labels.isEmpty() ? "any" : String.join(",", labels);
  }

  private static Stream<String> ports(List<NetworkPolicyPort> ports) {
    return ports.isEmpty() ? Stream.of("") : ports.stream().map(NetworkRules::port);
  }

  private static String port(NetworkPolicyPort port) {
    String number =
        port.getPort() == null
            ? "any"
            : port.getPort().getStrVal() == null
                ? String.valueOf(port.getPort().getIntVal())
                : port.getPort().getStrVal();
    String last = port.getEndPort() == null ? "" : "-" + port.getEndPort();
    String protocol =
        port.getProtocol() == null || port.getProtocol().equals("TCP")
            ? ""
            : "/" + port.getProtocol();
    return ":" + number + last + protocol;
  }
}
