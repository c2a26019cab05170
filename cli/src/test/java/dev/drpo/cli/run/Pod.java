package dev.drpo.cli.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A pod of the base manifests.
 *
 * @param variables of its image, and over them of its container; those that the cluster fills in
 *     stand empty
 */
record Pod(Map<String, String> variables) {
  private static final Path ROOT = Path.of(System.getProperty("drpo.root"));

  private static final Pattern ASSIGNMENT = Pattern.compile("([A-Z_]+)=(?:\"([^\"]*)\"|(\\S+))");

  /** The pod of a service. */
  static Pod of(String service) throws IOException {
    Map<String, String> variables = new TreeMap<>();
    ofImage(service, variables);
    try (var documents =
        new ObjectMapper(new YAMLFactory())
            .readerFor(JsonNode.class)
            .<JsonNode>readValues(ROOT.resolve("k8s/base/" + service + ".yaml").toFile())) {
      documents.forEachRemaining(
          it ->
              it.at("/spec/template/spec/containers/0/env")
                  .forEach(
                      variable ->
                          variables.put(
                              variable.path("name").asText(), variable.path("value").asText())));
    }
    return new Pod(variables);
  }

  /** A stage of the Dockerfile adds its variables to those of the stage that it is made of. */
  private static void ofImage(String stage, Map<String, String> variables) throws IOException {
    String text = Files.readString(ROOT.resolve("Dockerfile")).replace("\\\n", " ");
    Matcher found =
        Pattern.compile("(?ms)^FROM (\\S+) AS " + Pattern.quote(stage) + "$(.*?)(?=^FROM |\\z)")
            .matcher(text);
    if (!found.find()) {
      return;
    }
    ofImage(found.group(1), variables);
    found
        .group(2)
        .lines()
        .filter(line -> line.startsWith("ENV "))
        .flatMap(line -> ASSIGNMENT.matcher(line).results())
        .forEach(
            it -> {
              String value = it.group(2) == null ? it.group(3) : it.group(2);
              String name = it.group(1);
              variables.put(
                  name, value.replace("${" + name + "}", variables.getOrDefault(name, "")));
            });
  }

  /** The options that its virtual machine gets by variables. */
  List<String> options() {
    return Stream.of("JDK_JAVA_OPTIONS", "JAVA_TOOL_OPTIONS")
        .map(it -> variables.getOrDefault(it, ""))
        .flatMap(it -> Arrays.stream(it.split(" ")))
        .filter(it -> !it.isEmpty())
        .collect(Collectors.toList());
  }
}
