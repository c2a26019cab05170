package dev.drpo.k8s;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The list of what the services are packaged with that others have written, and its licences. */
final class ThirdParty {
  static final Path FILE = Kustomize.ROOT.resolve("THIRD-PARTY.txt");

  /** Any version: authors are not precise. */
  static final String LGPL = "LGPL";

  static final String UNKNOWN = "unknown";

  private static final String HEAD =
      """
      # What the images of the services hold that others have written, and its licence. Of several, one is chosen. Written
      # from the bills of materials (docs/kubernetes.md#what-is-in-an-image); a test fails for what is not listed.
      """;

  /** Names that are none of SPDX. */
  private static final Map<String, String> SPDX =
      Map.of(
          "GNU General Public License, version 2 with the GNU Classpath Exception",
          "GPL-2.0-with-classpath-exception",
          "GNU Lesser Public License",
          LGPL,
          "The GNU Lesser General Public License",
          LGPL,
          "GNU Library or Lesser General Public License (LGPL)",
          LGPL,
          "LGPL, version 2.1",
          LGPL,
          "LGPL-2.1-only",
          LGPL,
          "Go License",
          "BSD-3-Clause");

  private ThirdParty() {}

  /** Licences by group:artifact. */
  static Map<String, List<String>> listed() throws IOException {
    Map<String, List<String>> licences = new TreeMap<>();
    for (String line : Files.readAllLines(FILE)) {
      if (!line.startsWith("#")) {
        String[] words = line.split(" ", 2);
        licences.put(words[0], List.of(words[1].split(" or ")));
      }
    }
    return licences;
  }

  /** Writes the list from the services' bills of materials. */
  static void write(List<String> services) throws IOException {
    Map<String, List<String>> licences = new TreeMap<>();
    for (String service : services) {
      Path bom = Kustomize.ROOT.resolve(service + "-service/target/sbom/bom.json");
      for (JsonNode component : new ObjectMapper().readTree(bom.toFile()).path("components")) {
        String group = component.path("group").asText();
        if (!group.equals("dev.drpo")) {
          licences.put(group + ":" + component.path("name").asText(), licences(component));
        }
      }
    }
    Files.writeString(
        FILE,
        licences.entrySet().stream()
            .map(it -> it.getKey() + " " + String.join(" or ", it.getValue()) + "\n")
            .collect(Collectors.joining("", HEAD, "")));
  }

  private static List<String> licences(JsonNode component) {
    List<String> names = new ArrayList<>();
    for (JsonNode licence : component.path("licenses")) {
      String expression = licence.path("expression").asText();
      JsonNode one = licence.path("license");
      names.addAll(
          expression.isEmpty()
              ? List.of(one.path("id").asText(one.path("name").asText()))
              : List.of(expression.split(" OR ")));
    }
    return names.isEmpty()
        ? List.of(UNKNOWN)
        : names.stream().map(it -> SPDX.getOrDefault(it, it)).distinct().sorted().toList();
  }

  /** The jars of others in a packaged service, by the name under which Quarkus packages them. */
  static Set<String> packaged(String service) throws IOException {
    Path libraries = Kustomize.ROOT.resolve(service + "-service/target/quarkus-app/lib");
    try (Stream<Path> files = Files.walk(libraries)) {
      return files
          .map(it -> it.getFileName().toString())
          .filter(it -> it.endsWith(".jar") && !it.startsWith("dev.drpo."))
          .collect(Collectors.toSet());
    }
  }
}
