package dev.drpo.k8s;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What {@code kubectl apply -k k8s/} sends. Where there is no kubectl to render it, the files are
 * read one by one and the generated ConfigMaps are made up from the kustomization.
 */
final class Manifests {
  /** Root of the repository. */
  static final Path ROOT = Path.of(System.getProperty("drpo.root", "..")).toAbsolutePath();

  static final Path FOLDER = ROOT.resolve("k8s");

  private Manifests() {}

  static List<HasMetadata> load() throws IOException, InterruptedException {
    Optional<Path> kubectl = kubectl();
    return kubectl.isPresent() ? rendered(kubectl.get()) : files();
  }

  static Optional<Path> kubectl() {
    return Stream.of(System.getenv("PATH").split(File.pathSeparator))
        .map(folder -> Path.of(folder, "kubectl"))
        .filter(Files::isExecutable)
        .findFirst();
  }

  static List<HasMetadata> rendered(Path kubectl) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(kubectl.toString(), "kustomize", FOLDER.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String yaml = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException("kubectl kustomize " + FOLDER + " failed; see its message above");
    }
    return StrictModel.parse(yaml);
  }

  static List<HasMetadata> files() throws IOException {
    JsonNode kustomization =
        StrictModel.YAML.readTree(FOLDER.resolve("kustomization.yaml").toFile());
    List<HasMetadata> objects = new ArrayList<>();
    for (JsonNode resource : kustomization.get("resources")) {
      objects.addAll(StrictModel.parse(Files.readString(FOLDER.resolve(resource.asText()))));
    }
    for (JsonNode generator : kustomization.get("configMapGenerator")) {
      ConfigMapBuilder map =
          new ConfigMapBuilder()
              .withNewMetadata()
              .withName(generator.get("name").asText())
              .endMetadata();
      for (JsonNode file : generator.get("files")) {
        map.addToData(file.asText(), Files.readString(FOLDER.resolve(file.asText())));
      }
      objects.add(map.build());
    }
    return objects;
  }
}
