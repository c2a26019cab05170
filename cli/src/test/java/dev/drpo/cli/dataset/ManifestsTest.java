package dev.drpo.cli.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.drpo.cli.Drpo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine.ParseResult;

/** The manifests of public data sets. */
class ManifestsTest {
  private static final Path FOLDER = Path.of(System.getProperty("drpo.root"), "datasets", "public");
  private static final String UNKNOWN = "unknown";

  @Test
  void everySetOfThePaperHasOne() throws IOException {
    assertThat(manifests().map(file -> file.getFileName().toString().replace(".yaml", "")))
        .contains(
            "aime24",
            "aime25",
            "amc",
            "math-500",
            "minerva",
            "olympiad-bench",
            "gsm8k",
            "deepscaler-40k");
  }

  @ParameterizedTest
  @MethodSource("manifests")
  void aManifestSaysWhereTheSetComesFromAndWhatIsUnknown(Path file) throws IOException {
    JsonNode manifest = read(file);

    assertThat(names(manifest))
        .containsExactlyInAnyOrder("name", "title", "use", "problems", "about", "copies");
    assertThat(file).hasFileName(manifest.path("name").asText() + ".yaml");
    assertThat(manifest.path("use").asText()).isIn("evaluation", "training");
    assertThat(manifest.path("copies")).isNotEmpty();
    for (JsonNode copy : manifest.path("copies")) {
      Set<String> names = names(copy);
      assertThat(names)
          .contains("file", "bytes", "sha256", "licence", "problems", "import")
          .containsAnyOf("github", "huggingface");
      assertThat(copy.path("sha256").asText()).matches(UNKNOWN + "|[0-9a-f]{64}");
      assertThat(copy.path("problems").asText()).matches(UNKNOWN + "|\\d+");
      if (!copy.path("sha256").asText().equals(UNKNOWN)) {
        assertThat(copy.path("commit").asText()).matches("[0-9a-f]{40}");
        assertThat(copy.path("bytes").isInt()).isTrue();
      }
    }
    assertThat(Files.readString(FOLDER.resolve("README.md")))
        .contains("[%s](%s)".formatted(manifest.path("title").asText(), file.getFileName()));
  }

  @ParameterizedTest
  @MethodSource("manifests")
  void theImportsCommandIsOneThatCanBeGiven(Path file) throws IOException {
    int commands = 0;
    for (JsonNode copy : read(file).path("copies")) {
      String command = copy.path("import").asText();
      if (command.equals(UNKNOWN)) {
        assertThat(copy.path("file").asText()).isEqualTo(UNKNOWN);
        continue;
      }
      commands++;
      List<String> words = new ArrayList<>(Arrays.asList(command.split(" ")));
      assertThat(words.removeFirst()).isEqualTo("./drpo");
      ParseResult parsed =
          Drpo.commandLine().parseArgs(words.toArray(String[]::new)).subcommand().subcommand();
      assertThat(parsed.commandSpec().name()).isEqualTo("import");
      assertThat(parsed.matchedPositionalValue(0, List.<Path>of()))
          .containsExactly(Path.of(copy.path("file").asText()).getFileName());
      assertThat(parsed.matchedOptionValue("--out", Path.of(""))).asString().startsWith("data/");
    }
    assertThat(commands).isPositive();
  }

  private static Stream<Path> manifests() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      return files.filter(file -> file.toString().endsWith(".yaml")).sorted().toList().stream();
    }
  }

  private static JsonNode read(Path file) throws IOException {
    return new ObjectMapper(new YAMLFactory()).readTree(file.toFile());
  }

  private static Set<String> names(JsonNode object) {
    return Set.copyOf(object.properties().stream().map(entry -> entry.getKey()).toList());
  }
}
