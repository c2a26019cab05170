package dev.drpo.k8s;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.util.List;
import java.util.Map;

/** Custom resources, with the fields of them that the overlays use. */
record Custom(String apiVersion, String kind, ObjectMeta metadata, JsonNode spec) {
  static final Map<String, Class<?>> SPECS =
      Map.of(
          "monitoring.coreos.com/v1/ServiceMonitor", ServiceMonitor.class,
          "monitoring.coreos.com/v1/PrometheusRule", PrometheusRule.class,
          "keda.sh/v1alpha1/ScaledObject", ScaledObject.class);

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
      Target scaleTargetRef,
      int minReplicaCount,
      int maxReplicaCount,
      int pollingInterval,
      Fallback fallback,
      Advanced advanced,
      List<Trigger> triggers) {
    record Target(String name) {}

    record Fallback(int failureThreshold, int replicas) {}

    record Advanced(Autoscaler horizontalPodAutoscalerConfig) {
      record Autoscaler(Behavior behavior) {}

      record Behavior(Rules scaleDown) {}

      record Rules(int stabilizationWindowSeconds) {}
    }

    record Trigger(String type, Map<String, String> metadata) {}
  }
}
