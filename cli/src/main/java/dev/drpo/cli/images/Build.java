package dev.drpo.cli.images;

import dev.drpo.cli.exit.UsageError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What is built from a repository.
 *
 * @param root of the repository, whose services are packaged
 * @param base what all images stand on, if the defaults are not wanted
 * @param jdk that the runtime is cut from, if the default is not wanted
 */
record Build(Path root, String tag, Optional<String> base, Optional<String> jdk) {
  private static final List<String> SERVICES = List.of("reward", "rollout", "learner");

  /** It has the runtime of the CUDA that the profile {@code cuda} is made for. */
  private static final String CUDA_BASE = "docker.io/nvidia/cuda:12.4.1-base-ubuntu22.04";

  private static final String CUDA_LIBRARY = "ai.djl.pytorch.pytorch-native-cu*.jar";

  /**
   * The images of what is packaged.
   *
   * @throws UsageError if a service is not packaged
   */
  List<Image> images() {
    return SERVICES.stream().map(this::image).toList();
  }

  private Image image(String service) {
    Path libraries = root.resolve(service + "-service/target/quarkus-app/lib/main");
    if (!Files.isDirectory(libraries)) {
      throw new UsageError(
          "%s is not there: %s-service is not packaged; ./drpo builds it"
              .formatted(libraries, service));
    }
    return isForCuda(libraries)
        ? new Image(service, tag + "-cuda", Optional.of(base.orElse(CUDA_BASE)))
        : new Image(service, tag, base);
  }

  private static boolean isForCuda(Path libraries) {
    try (Stream<Path> found =
        Files.find(
            libraries,
            1,
            (file, _) ->
                file.getFileSystem()
                    .getPathMatcher("glob:" + CUDA_LIBRARY)
                    .matches(file.getFileName()))) {
      return found.findAny().isPresent();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
