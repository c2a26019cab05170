package dev.drpo.cli.compare;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.drpo.cli.exit.UsageError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Reads what is to be compared. */
final class ComparisonFile {
  private static final ObjectMapper YAML =
      YAMLMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .build();

  private ComparisonFile() {}

  private record Form(
      String title,
      JsonNode base,
      String level,
      @JsonProperty("learning-rates") List<String> learningRates,
      @JsonProperty("tuning-seeds") List<Long> tuningSeeds,
      List<Long> seeds,
      List<MethodForm> methods) {}

  private record MethodForm(
      String name,
      JsonNode keys,
      StrengthForm strength,
      @JsonProperty("more-seeds") List<Long> moreSeeds) {}

  private record StrengthForm(
      String key, List<String> values, @JsonProperty("tuned-at") String tunedAt) {}

  /**
   * Reads a file.
   *
   * @throws UsageError if it is none, or makes no comparison
   */
  static Comparison read(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new UsageError("--config is " + file + ", which is no file; give a YAML file");
    }
    try {
      return comparison(YAML.readValue(file.toFile(), Form.class));
    } catch (UnrecognizedPropertyException e) {
      throw new UsageError(
          "%s, line %d: unknown key %s; known here are %s"
              .formatted(
                  file,
                  e.getLocation().getLineNr(),
                  e.getPropertyName(),
                  e.getKnownPropertyIds().stream()
                      .map(Object::toString)
                      .sorted()
                      .collect(Collectors.joining(", "))));
    } catch (JsonProcessingException e) {
      throw new UsageError(
          "%s, line %s: %s"
              .formatted(
                  file,
                  e.getLocation() == null ? "?" : e.getLocation().getLineNr(),
                  e.getOriginalMessage()));
    } catch (IllegalArgumentException e) {
      throw new UsageError(file + ": " + e.getMessage());
    }
  }

  private static Comparison comparison(Form form) {
    return new Comparison(
        required("title", form.title()),
        flat(form.base()),
        Optional.ofNullable(form.level()),
        required("learning-rates", form.learningRates()),
        form.tuningSeeds() == null ? List.of() : form.tuningSeeds(),
        required("seeds", form.seeds()),
        required("methods", form.methods()).stream().map(ComparisonFile::method).toList());
  }

  private static Comparison.Method method(MethodForm form) {
    String name = required("methods.name", form.name());
    List<Long> moreSeeds = form.moreSeeds() == null ? List.of() : form.moreSeeds();
    if (form.strength() == null) {
      return new Comparison.Method(
          name, flat(form.keys()), Optional.empty(), List.of(""), Optional.empty(), moreSeeds);
    }
    return new Comparison.Method(
        name,
        flat(form.keys()),
        Optional.of(required(name + ".strength.key", form.strength().key())),
        required(name + ".strength.values", form.strength().values()),
        Optional.ofNullable(form.strength().tunedAt()),
        moreSeeds);
  }

  private static <T> T required(String key, T value) {
    if (value == null) {
      throw new IllegalArgumentException(key + " is missing");
    }
    return value;
  }

  /** Nested maps as dotted keys. */
  private static Map<String, String> flat(JsonNode node) {
    Map<String, String> keys = new LinkedHashMap<>();
    if (node != null && !node.isNull()) {
      if (!node.isObject()) {
        throw new IllegalArgumentException(
            "base and keys are maps from keys of a run's configuration to values, not " + node);
      }
      flatten("", node, keys);
    }
    return keys;
  }

  private static void flatten(String prefix, JsonNode node, Map<String, String> keys) {
    node.properties()
        .forEach(
            field -> {
              String key = prefix + field.getKey();
              if (field.getValue().isObject()) {
                flatten(key + ".", field.getValue(), keys);
              } else {
                keys.put(key, field.getValue().asText());
              }
            });
  }
}
