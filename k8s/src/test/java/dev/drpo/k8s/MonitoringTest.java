package dev.drpo.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Alert rules by Prometheus' own tool, and the dashboard. That the services expose what both name
 * is what tests of the services hold.
 */
class MonitoringTest {
  private static final Path FOLDER = Kustomize.FOLDER.resolve("components/monitoring");
  private static final Pattern METRIC = Pattern.compile("\\bdrpo_([a-z]+)_[a-z0-9_]+");
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;

  private String promtool(String... arguments) throws IOException, InterruptedException {
    Path tool =
        Tool.find(
            "promtool", "the alert rules are not tested: install Debian's package prometheus");
    List<String> command = new ArrayList<>(List.of(tool.toString()));
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    return said;
  }

  /** The rules as Prometheus itself reads them; JSON is YAML, too. */
  private JsonNode rules() throws IOException {
    List<JsonNode> documents =
        StrictModel.documents(Files.readString(FOLDER.resolve("rules.yaml")));
    assertThat(documents).hasSize(1);
    return documents.getFirst().path("spec");
  }

  private void writeRules() throws IOException {
    Files.writeString(folder.resolve("rules.yaml"), rules().toString());
  }

  @Test
  void theRulesAreThoseOfPrometheus() throws IOException, InterruptedException {
    writeRules();
    assertThat(promtool("check", "rules", "rules.yaml")).contains("6 rules found");
  }

  @Test
  void theRulesFireWhenTheyShouldAndNotBefore() throws IOException, InterruptedException {
    writeRules();
    try (var in = MonitoringTest.class.getResourceAsStream("rules-test.yaml")) {
      Files.copy(in, folder.resolve("rules-test.yaml"));
    }
    assertThat(promtool("test", "rules", "rules-test.yaml")).contains("SUCCESS");
    String tests = Files.readString(folder.resolve("rules-test.yaml"));
    for (JsonNode rule : rules().path("groups").get(0).path("rules")) {
      assertThat(tests).contains("alertname: " + rule.path("alert").asText());
    }
  }

  @Test
  void everyAlertSaysWhatToDo() throws IOException {
    for (JsonNode rule : rules().path("groups").get(0).path("rules")) {
      assertThat(rule.at("/annotations/summary").asText()).endsWith(".");
      assertThat(rule.at("/annotations/description").asText()).endsWith(".");
      assertThat(rule.at("/labels/severity").asText()).isIn("warning", "critical");
    }
  }

  @Test
  void everyPanelOfTheDashboardIsExplainedAndHasItsPlace() throws IOException {
    JsonNode dashboard = JSON.readTree(Files.readString(FOLDER.resolve("dashboard.json")));
    List<ObjectNode> panels = new ArrayList<>();
    dashboard.path("panels").forEach(panel -> panels.add((ObjectNode) panel));
    assertThat(panels).hasSizeGreaterThan(15);
    for (ObjectNode panel : panels) {
      assertThat(panel.path("description").asText()).endsWith(".");
      assertThat(panel.path("targets")).isNotEmpty();
      panel
          .path("targets")
          .forEach(target -> assertThat(target.path("expr").asText()).containsPattern(METRIC));
      assertThat(panels.stream().filter(other -> overlap(panel, other))).containsExactly(panel);
    }
    assertThat(panels.stream().map(panel -> panel.path("id").asInt())).doesNotHaveDuplicates();
  }

  private static boolean overlap(JsonNode one, JsonNode other) {
    JsonNode a = one.path("gridPos");
    JsonNode b = other.path("gridPos");
    return meet(a, b, "x", "w") && meet(a, b, "y", "h");
  }

  private static boolean meet(JsonNode a, JsonNode b, String start, String length) {
    return a.path(start).asInt() < b.path(start).asInt() + b.path(length).asInt()
        && b.path(start).asInt() < a.path(start).asInt() + a.path(length).asInt();
  }

  @Test
  void everyQueryOfTheDashboardIsPromql() throws IOException, InterruptedException {
    JsonNode dashboard = JSON.readTree(Files.readString(FOLDER.resolve("dashboard.json")));
    ObjectNode file = JSON.createObjectNode();
    var records = file.putArray("groups").addObject().put("name", "dashboard").putArray("rules");
    dashboard
        .path("panels")
        .forEach(
            panel ->
                panel
                    .path("targets")
                    .forEach(
                        target ->
                            records
                                .addObject()
                                .put("record", "panel" + panel.path("id").asInt())
                                .put("expr", target.path("expr").asText())
                                .putObject("labels")
                                .put("legend", target.path("refId").asText())));
    Files.writeString(folder.resolve("queries.yaml"), file.toString());
    assertThat(promtool("check", "rules", "queries.yaml")).contains("rules found");
  }

  @Test
  void everyMetricIsOneOfTheServices() throws IOException {
    String text =
        Files.readString(FOLDER.resolve("rules.yaml"))
            + Files.readString(FOLDER.resolve("dashboard.json"));
    List<String> services =
        METRIC
            .matcher(text)
            .results()
            .map(match -> match.group(1))
            .distinct()
            .collect(Collectors.toList());
    assertThat(services).containsExactlyInAnyOrder("learner", "rollout", "reward");
  }
}
