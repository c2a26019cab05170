package dev.drpo.k8s;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Renders the kustomizations of this folder with {@code kubectl kustomize}. */
final class Kustomize {
  /** Root of the repository. */
  static final Path ROOT = Path.of(System.getProperty("drpo.root", "..")).toAbsolutePath();

  static final Path FOLDER = ROOT.resolve("k8s");

  private static final String LACKING =
      "the manifests are not rendered and not tested: install kubectl 1.27 or newer";

  private static final Map<String, String> RENDERED = new HashMap<>();

  private Kustomize() {}

  /** What can be applied: this folder itself, and every overlay. Relative to this folder. */
  static List<String> all() throws IOException {
    try (Stream<Path> overlays = Files.list(FOLDER.resolve("overlays"))) {
      return Stream.concat(
              Stream.of("."), overlays.map(it -> FOLDER.relativize(it).toString()).sorted())
          .toList();
    }
  }

  /**
   * What {@code kubectl apply -k} sends. Aborts the test where there is no kubectl; under CI, which
   * installs it, that is a failure.
   */
  static synchronized String render(String kustomization) throws IOException, InterruptedException {
    String known = RENDERED.get(kustomization);
    if (known == null) {
      known = renderAnew(kustomization);
      RENDERED.put(kustomization, known);
    }
    return known;
  }

  /**
   * What somebody's own kustomization renders to, which calls this folder {@code drpo/k8s} as the
   * document's examples do.
   */
  static synchronized String renderOwn(String text) throws IOException, InterruptedException {
    String name = Integer.toHexString(text.hashCode());
    Path folder = Files.createDirectories(FOLDER.resolve("target/kustomizations").resolve(name));
    Files.writeString(folder.resolve("kustomization.yaml"), text.replace("drpo/k8s/", "../../../"));
    return render("target/kustomizations/" + name);
  }

  private static String renderAnew(String kustomization) throws IOException, InterruptedException {
    Path kubectl = Tool.find("kubectl", LACKING);
    Process process =
        new ProcessBuilder(
                kubectl.toString(), "kustomize", FOLDER.resolve(kustomization).toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String yaml = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(
          "kubectl kustomize k8s/%s failed; see its message above (kubectl has to be 1.27 or newer)"
              .formatted(kustomization));
    }
    return yaml;
  }
}
