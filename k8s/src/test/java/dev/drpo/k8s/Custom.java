package dev.drpo.k8s;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeer;
import java.util.List;
import java.util.Map;

/** Custom resources, with the fields of them that the overlays use. */
record Custom(String apiVersion, String kind, ObjectMeta metadata, JsonNode spec) {
  static final Map<String, Class<?>> SPECS =
      Map.of(
          "monitoring.coreos.com/v1/ServiceMonitor", ServiceMonitor.class,
          "monitoring.coreos.com/v1/PrometheusRule", PrometheusRule.class,
          "keda.sh/v1alpha1/ScaledObject", ScaledObject.class,
          "keda.sh/v1alpha1/TriggerAuthentication", TriggerAuthentication.class,
          "cert-manager.io/v1/Issuer", Issuer.class,
          "cert-manager.io/v1/Certificate", Certificate.class,
          "kafka.strimzi.io/v1/Kafka", Kafka.class,
          "kafka.strimzi.io/v1/KafkaNodePool", KafkaNodePool.class,
          "kafka.strimzi.io/v1/KafkaUser", KafkaUser.class);

  /** Of the Prometheus operator. */
  record ServiceMonitor(
      LabelSelector selector, List<String> targetLabels, List<Endpoint> endpoints) {
    record Endpoint(String port, String path, String interval) {}
  }

  /** Of the Prometheus operator; what its groups hold, promtool checks. */
  record PrometheusRule(List<Group> groups) {
    record Group(String name, List<Map<String, Object>> rules) {}
  }

  /** Of KEDA. */
  record ScaledObject(
      Named scaleTargetRef,
      int minReplicaCount,
      int maxReplicaCount,
      int pollingInterval,
      Fallback fallback,
      Advanced advanced,
      List<Trigger> triggers) {
    record Named(String name) {}

    record Fallback(int failureThreshold, int replicas, String behavior) {}

    record Advanced(Autoscaler horizontalPodAutoscalerConfig) {
      record Autoscaler(Behavior behavior) {}

      record Behavior(Rules scaleDown) {}

      record Rules(int stabilizationWindowSeconds) {}
    }

    record Trigger(String type, Map<String, String> metadata, Named authenticationRef) {}
  }

  /** Of KEDA. */
  record TriggerAuthentication(List<Part> secretTargetRef) {
    record Part(String parameter, String name, String key) {}
  }

  /** Of cert-manager; one of both. */
  record Issuer(SelfSigned selfSigned, Authority ca) {
    record SelfSigned() {}

    record Authority(String secretName) {}
  }

  /** Of cert-manager. */
  record Certificate(
      boolean isCA,
      String commonName,
      String secretName,
      List<String> dnsNames,
      List<String> usages,
      String duration,
      String renewBefore,
      PrivateKey privateKey,
      Reference issuerRef) {
    record PrivateKey(String algorithm, int size, String encoding, String rotationPolicy) {}

    record Reference(String name, String kind) {}
  }

  /** Of Strimzi. */
  record Kafka(Broker kafka, EntityOperator entityOperator) {
    record Broker(String version, List<Listener> listeners, Map<String, Object> config) {}

    record Listener(
        String name,
        int port,
        String type,
        boolean tls,
        Authentication authentication,
        List<NetworkPolicyPeer> networkPolicyPeers) {}

    record EntityOperator(UserOperator userOperator) {
      record UserOperator() {}
    }
  }

  /** Of Strimzi. */
  record Authentication(String type) {}

  /** Of Strimzi. */
  record KafkaNodePool(
      int replicas, List<String> roles, Storage storage, ResourceRequirements resources) {
    record Storage(String type, String size) {}
  }

  /** Of Strimzi. */
  record KafkaUser(Authentication authentication) {}
}
