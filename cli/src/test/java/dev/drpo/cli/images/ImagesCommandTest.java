package dev.drpo.cli.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drpo.cli.exit.UsageError;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Programs are scripts that tell how they were called. */
class ImagesCommandTest {
  @TempDir Path folder;
  private final StringWriter told = new StringWriter();

  private Programs programs() {
    return new Programs(folder.toString(), new PrintWriter(told));
  }

  private void program(String name, String script) throws IOException {
    Path file = Files.writeString(folder.resolve(name), "#!/bin/sh\n" + script + "\n");
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }

  private Build build(String library) throws IOException {
    for (String service : List.of("reward", "rollout", "learner")) {
      Path libraries =
          Files.createDirectories(folder.resolve(service + "-service/target/quarkus-app/lib/main"));
      if (!service.equals("reward")) {
        Files.writeString(libraries.resolve(library), "");
      }
    }
    return new Build(folder, "1.0", Optional.empty(), Optional.of("jdk:25"));
  }

  @Test
  void theFirstToolThatWorksIsTaken() throws Exception {
    program("docker", "exit 1");
    program("buildah", "exit 0");
    assertThat(Tool.choose(Optional.empty(), programs())).isEqualTo(Tool.BUILDAH);
  }

  @Test
  void whereNoneWorksEachIsNamedWithItsReason() throws Exception {
    program("docker", "exit 1");
    assertThatThrownBy(() -> Tool.choose(Optional.empty(), programs()))
        .isInstanceOf(UsageError.class)
        .hasMessageContaining("'docker info' fails")
        .hasMessageContaining("there is no podman")
        .hasMessageContaining("apt install buildah");
    assertThatThrownBy(() -> Tool.choose(Optional.of(Tool.PODMAN), programs()))
        .isInstanceOf(UsageError.class)
        .hasMessageContaining("there is no podman")
        .hasMessageNotContaining("docker info");
  }

  @Test
  void imagesForACpuHaveTheTagAndTheDockerfilesBase() throws Exception {
    List<Image> images = build("ai.djl.pytorch.pytorch-native-cpu-2.7.1-linux-x86_64.jar").images();
    assertThat(images.stream().map(Image::path))
        .containsExactly(
            "drpo/reward-service:1.0", "drpo/rollout-service:1.0", "drpo/learner-service:1.0");
    assertThat(images.stream().map(Image::base)).allMatch(Optional::isEmpty);
  }

  @Test
  void imagesForGpusSayItInTheirTagsAndStandOnTheRuntimeOfCuda() throws Exception {
    List<Image> images =
        build("ai.djl.pytorch.pytorch-native-cu124-2.5.1-linux-x86_64.jar").images();
    assertThat(images.stream().map(Image::path))
        .containsExactly(
            "drpo/reward-service:1.0",
            "drpo/rollout-service:1.0-cuda",
            "drpo/learner-service:1.0-cuda");
    assertThat(images.get(1).base().orElseThrow()).contains("nvidia/cuda:12.4");
    assertThat(images.getFirst().base()).isEmpty();
  }

  @Test
  void aServiceThatIsNotPackagedIsNamed() {
    Build build = new Build(folder, "1.0", Optional.empty(), Optional.empty());
    assertThatThrownBy(build::images)
        .isInstanceOf(UsageError.class)
        .hasMessageContaining("reward-service is not packaged");
  }

  @Test
  void theBuildGetsServiceBaseAndJdk() throws Exception {
    Build build = build("other.jar");
    Image image = new Image("rollout", "1.0", Optional.of("base:1"));
    assertThat(Tool.BUILDAH.build(build, image))
        .startsWith("buildah", "bud", "--layers")
        .containsSequence("--build-arg", "SERVICE=rollout")
        .containsSequence("--build-arg", "BASE=base:1")
        .containsSequence("--build-arg", "JDK=jdk:25")
        .containsSequence("-t", "docker.io/drpo/rollout-service:1.0")
        .endsWith(folder.toString());
    assertThat(Tool.DOCKER.build(build, image)).startsWith("docker", "build", "--build-arg");
  }

  @Test
  void aToolThatFailsIsNamedWithItsCode() throws Exception {
    program("podman", "echo broken; exit 7");
    assertThatThrownBy(() -> programs().run(List.of("podman", "push", "a")))
        .isInstanceOf(ProgramFailure.class)
        .hasMessageContaining("'podman push a' ended with code 7");
    assertThat(told.toString()).contains("broken");
  }

  @Test
  void layersAreReadFromAHistoryAndFromAnInspection() throws Exception {
    Image image = new Image("reward", "1.0", Optional.empty());
    List<Layer> layers = List.of(new Layer(80_000_000, "ADD base"), new Layer(73_500_000, "COPY"));

    program("docker", "printf '73500000\\tCOPY\\n0\\tENV A=1\\n80000000\\tADD base\\n'; exit 0");
    assertThat(Tool.DOCKER.layers(programs(), image)).isEqualTo(layers);

    program(
        "buildah",
        """
        cat <<'END'
        {"Manifest": "{\\"layers\\": [{\\"size\\": 80000000}, {\\"size\\": 73500000}]}",
         "OCIv1": {"history": [{"created_by": "ADD base"},
           {"created_by": "ENV A=1", "empty_layer": true}, {"created_by": "COPY"}]}}
        END""");
    assertThat(Tool.BUILDAH.layers(programs(), image)).isEqualTo(layers);

    assertThat(LayerTable.lines(image, layers))
        .containsExactly(
            "   153.5 MB  docker.io/drpo/reward-service:1.0",
            "      80.0 MB  ADD base",
            "      73.5 MB  COPY");
  }

  @Test
  void aStepIsShownWithoutItsShellAndWithShortDigests() {
    String step = "/bin/sh -c #(nop) COPY dir:" + "0123456789abcdef".repeat(4) + " in /opt/java/";
    assertThat(
            LayerTable.lines(
                new Image("reward", "1.0", Optional.empty()), List.of(new Layer(1_000_000, step))))
        .last()
        .asString()
        .endsWith("1.0 MB  COPY dir:0123456789ab in /opt/java/");
  }
}
