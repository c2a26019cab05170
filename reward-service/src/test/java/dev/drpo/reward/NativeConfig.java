package dev.drpo.reward;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** What the service says to the builder of a native binary. */
final class NativeConfig {
  private static final RegisterForReflection REGISTERED =
      NativeReflection.class.getAnnotation(RegisterForReflection.class);

  private NativeConfig() {}

  /** Classes that are found by their name at run time, with their members. */
  static Set<String> withMembers() {
    Set<String> names = new HashSet<>(Set.of(REGISTERED.classNames()));
    Arrays.stream(REGISTERED.targets()).map(Class::getName).forEach(names::add);
    return names;
  }

  /** All classes that are found by their name at run time. */
  static Set<String> reflective() throws IOException {
    Set<String> names = withMembers();
    entries("reflect-config.json").map(it -> it.path("name").asText()).forEach(names::add);
    return names;
  }

  /** Entries of a file in the builder's own format, each with a name. */
  static Stream<JsonNode> entries(String file) throws IOException {
    try (InputStream in =
        NativeConfig.class.getResourceAsStream(
            "/META-INF/native-image/dev.drpo/reward-service/" + file)) {
      return StreamSupport.stream(new ObjectMapper().readTree(in).spliterator(), false);
    }
  }

  /** Packages that are not initialised at build time, with those below. */
  static List<String> runTimePackages() throws IOException {
    String option = "--initialize-at-run-time=";
    String arguments = property("quarkus.native.additional-build-args");
    return Arrays.stream(arguments.split("(?<!\\\\),"))
        .filter(it -> it.startsWith(option))
        .flatMap(it -> Arrays.stream(it.substring(option.length()).split("\\\\,")))
        .toList();
  }

  /** Patterns of the resources that the binary holds. */
  static List<String> resources() throws IOException {
    return List.of(property("quarkus.native.resources.includes").split(","));
  }

  private static String property(String name) throws IOException {
    Properties properties = new Properties();
    try (InputStream in = NativeConfig.class.getResourceAsStream("/application.properties")) {
      properties.load(in);
    }
    return properties.getProperty(name);
  }
}
