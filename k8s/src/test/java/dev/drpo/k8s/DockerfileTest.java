package dev.drpo.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ContainerPort;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DockerfileTest {
  @Test
  void everyImageOfOursHasTheUserAndThePortsOfItsPods() throws IOException, InterruptedException {
    Cluster cluster = Cluster.of(StrictModel.documents(Kustomize.render(".")));
    for (Workload workload : cluster.services()) {
      assertThat(Dockerfile.stage(workload.name()))
          .as(workload.name())
          .contains("JAVA_TOOL_OPTIONS=");
      assertThat(Dockerfile.stage("any"))
          .contains(
              workload.container().getPorts().stream()
                  .map(ContainerPort::getContainerPort)
                  .map(String::valueOf)
                  .collect(Collectors.joining(" ", "EXPOSE ", "\n")));
      assertThat(Dockerfile.text())
          .contains("\nFROM ${SERVICE}\n")
          .contains("COPY ${SERVICE}-service/target/quarkus-app/lib/")
          .containsPattern(
              "(?m)^USER " + workload.pod().getSecurityContext().getRunAsUser() + "\\b");
    }
  }

  @Test
  void theImageOfTheBinaryHasTheUserAndThePortsOfTheOther() throws IOException {
    for (String line : List.of("EXPOSE 8080 9000\n", "USER 10001:10001\n", "WORKDIR /opt/drpo\n")) {
      assertThat(Dockerfile.text()).contains(line);
      assertThat(Dockerfile.ofBinary()).contains(line);
    }
  }

  @Test
  void everyImageHasItsLicencesAndItsBill() throws IOException {
    assertThat(Dockerfile.text())
        .contains(
            "COPY LICENSE THIRD-PARTY.txt ${SERVICE}-service/target/sbom/bom.json /opt/drpo/\n");
    assertThat(Dockerfile.ofBinary())
        .contains("COPY LICENSE THIRD-PARTY.txt reward-service/target/sbom/bom.json /opt/drpo/\n");
  }

  @Test
  void everyBuildIsGivenTheFilesThatItCopies() throws IOException {
    String given = Files.readString(Kustomize.ROOT.resolve(".dockerignore"));
    assertThat(Dockerfile.ofBinary()).contains("COPY reward-service/target/native-sources/ ");
    assertThat(given).contains("!reward-service/target/native-sources\n");
    assertThat(Dockerfile.text()).contains("COPY ${SERVICE}-service/target/quarkus-app/");
    assertThat(given).contains("!*-service/target/quarkus-app\n");
    assertThat(Dockerfile.text())
        .contains("COPY LICENSE THIRD-PARTY.txt ${SERVICE}-service/target/sbom/bom.json ");
    assertThat(given).contains("!*-service/target/sbom\n!LICENSE\n!THIRD-PARTY.txt\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"learner", "rollout"})
  void theQuickstartsFilesLieWhereTheRunLooksForThem(String service) throws IOException {
    assertThat(Dockerfile.stage(service)).startsWith("FROM policy AS ");
    assertThat(Dockerfile.stage("policy"))
        .contains("COPY datasets/quickstart /opt/drpo/datasets/quickstart\n");
  }

  @Test
  void theRuntimeHasTheModuleOfVectorsAndTheBuildTriesIt() throws IOException {
    assertThat(Dockerfile.stage("runtime")).contains("jdk.incubator.vector");
    assertThat(Dockerfile.stage("any"))
        .contains("RUN [\"java\", \"--add-modules=jdk.incubator.vector\", \"-version\"]");
  }

  /**
   * Temurin's image has its JDK at /opt/java/openjdk, and a linker makes only folders that are new.
   */
  @Test
  void theRuntimeIsCutWhereNoImageHasAnything() throws IOException {
    assertThat(Dockerfile.stage("runtime")).contains("\"--output\", \"/runtime\"]");
    assertThat(Dockerfile.stage("any")).contains("COPY --from=runtime /runtime/ /opt/java/\n");
  }

  @Test
  void theTensorLibraryIsUnpackedOnceAndFoundByItsOptions() throws IOException {
    assertThat(Dockerfile.stage("libraries")).contains("UnpackNatives.java");
    assertThat(Dockerfile.stage("policy")).contains("@/opt/drpo/natives/java.options");
    assertThat(Dockerfile.text())
        .contains("COPY --from=libraries /opt/drpo/natives/ /opt/drpo/natives/")
        .contains("COPY --from=libraries /opt/drpo/app/lib/ /opt/drpo/app/lib/");
  }
}
