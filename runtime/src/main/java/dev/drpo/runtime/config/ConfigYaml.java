package dev.drpo.runtime.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Collectors;

/** Between YAML, trees of keys and values, and the records of a configuration. */
final class ConfigYaml {
  private static final ObjectMapper YAML =
      YAMLMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.KEBAB_CASE)
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
          .addModule(forms())
          .build();

  private ConfigYaml() {}

  private static SimpleModule forms() {
    SimpleModule module = new SimpleModule();
    ChoiceForm.register(module);
    ObjectiveForm.register(module);
    ConventionsForm.register(module);
    BudgetStages.register(module);
    // A relative path stays relative.
    module.addSerializer(Path.class, ToStringSerializer.instance);
    return module;
  }

  static ObjectNode empty() {
    return YAML.createObjectNode();
  }

  /** A file that lies beside this class. */
  static ObjectNode resource(String name) {
    try (InputStream in = ConfigYaml.class.getResourceAsStream(name + ".yaml")) {
      return (ObjectNode) YAML.readTree(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A user's file. */
  static ObjectNode read(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new ConfigException(
          "the configuration file " + file + " does not exist; pass the path of a YAML file");
    }
    try {
      JsonNode node = YAML.readTree(file.toFile());
      if (node == null || node.isMissingNode() || node.isNull()) {
        return empty();
      }
      if (node instanceof ObjectNode object) {
        return object;
      }
      throw new ConfigException(
          file
              + " must hold keys and values, but it holds a "
              + node.getNodeType().name().toLowerCase(Locale.ROOT));
    } catch (JsonProcessingException e) {
      throw new ConfigException(
          file
              + ", line "
              + (e.getLocation() == null ? "?" : e.getLocation().getLineNr())
              + ": not valid YAML: "
              + e.getOriginalMessage());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String write(Object config) {
    try {
      return YAML.writeValueAsString(config);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  static ObjectNode tree(RunConfig config) {
    return YAML.valueToTree(config);
  }

  /**
   * The configuration that a whole tree holds.
   *
   * @throws ConfigException if a value can't be honoured
   */
  static RunConfig config(ObjectNode tree) {
    try {
      return YAML.treeToValue(tree, RunConfig.class);
    } catch (JsonMappingException e) {
      if (e.getCause() instanceof ConfigException refused) {
        throw refused;
      }
      String key =
          e.getPath().stream()
              .map(JsonMappingException.Reference::getFieldName)
              .collect(Collectors.joining("."));
      String value = tree.at("/" + key.replace('.', '/')).asText();
      throw e instanceof ChoiceForm.UnknownChoice
          ? new ConfigException(key + " is " + value + "; " + e.getOriginalMessage())
          : new ConfigException(
              key + " is '" + value + "'; " + firstSentence(e.getOriginalMessage()));
    } catch (JsonProcessingException e) {
      throw new ConfigException(e.getOriginalMessage());
    }
  }

  private static String firstSentence(String message) {
    int expectation = message.indexOf("not a valid");
    String tail = expectation < 0 ? message : "that is " + message.substring(expectation);
    return tail.replace("`", "").replace("java.lang.", "");
  }
}
