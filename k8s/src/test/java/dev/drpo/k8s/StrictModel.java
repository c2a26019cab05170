package dev.drpo.k8s;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.type.LogicalType;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Reads manifests as an API server with strict field validation does: an unknown field, a value of
 * another type or a second value for a key is an error, as is a kind that is not listed here. Of
 * custom resources it knows the fields that are in use, from their operators' references.
 */
final class StrictModel {
  private static final Map<String, Class<? extends HasMetadata>> KINDS =
      Map.of(
          "v1/Namespace", Namespace.class,
          "v1/ConfigMap", ConfigMap.class,
          "v1/Service", Service.class,
          "v1/PersistentVolumeClaim", PersistentVolumeClaim.class,
          "apps/v1/Deployment", Deployment.class,
          "apps/v1/StatefulSet", StatefulSet.class,
          "batch/v1/Job", Job.class,
          "networking.k8s.io/v1/NetworkPolicy", NetworkPolicy.class,
          "policy/v1/PodDisruptionBudget", PodDisruptionBudget.class);

  private static final ObjectMapper YAML = mapper();

  private StrictModel() {}

  /** The documents of a file, as trees. */
  static List<JsonNode> documents(String yaml) throws IOException {
    List<JsonNode> documents = new ArrayList<>();
    try (var values = YAML.readerFor(JsonNode.class).<JsonNode>readValues(yaml)) {
      while (values.hasNextValue()) {
        documents.add(values.nextValue());
      }
    }
    return documents;
  }

  static List<HasMetadata> parse(String yaml) throws IOException {
    return parse(documents(yaml));
  }

  static List<HasMetadata> parse(List<JsonNode> documents) throws IOException {
    List<HasMetadata> objects = new ArrayList<>();
    for (JsonNode document : documents) {
      objects.add(parse(document));
    }
    return objects;
  }

  private static HasMetadata parse(JsonNode document) throws IOException {
    String kind = document.path("apiVersion").asText() + "/" + document.path("kind").asText();
    if (KINDS.containsKey(kind)) {
      return YAML.treeToValue(document, KINDS.get(kind));
    }
    if (Custom.SPECS.containsKey(kind)) {
      Custom custom = YAML.treeToValue(document, Custom.class);
      YAML.treeToValue(custom.spec(), Custom.SPECS.get(kind));
      GenericKubernetesResource resource = new GenericKubernetesResource();
      resource.setApiVersion(custom.apiVersion());
      resource.setKind(custom.kind());
      resource.setMetadata(custom.metadata());
      resource.setAdditionalProperty("spec", custom.spec());
      return resource;
    }
    throw new IOException(kind + " is none of " + KINDS.keySet() + " and " + Custom.SPECS.keySet());
  }

  /** The specification of a custom resource. */
  static <T> T spec(HasMetadata resource, Class<T> type) throws IOException {
    return YAML.treeToValue((JsonNode) ((GenericKubernetesResource) resource).get("spec"), type);
  }

  private static ObjectMapper mapper() {
    ObjectMapper mapper =
        YAMLMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .withCoercionConfig(
                LogicalType.Textual,
                text -> {
                  text.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail);
                  text.setCoercion(CoercionInputShape.Float, CoercionAction.Fail);
                  text.setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail);
                })
            .build();
    // The model collects unknown fields in a map; without that, they are the errors they should be.
    mapper.setAnnotationIntrospector(
        new JacksonAnnotationIntrospector() {
          private static final long serialVersionUID = 1;

          @Override
          public Boolean hasAnySetter(Annotated annotated) {
            return false;
          }
        });
    return mapper;
  }
}
