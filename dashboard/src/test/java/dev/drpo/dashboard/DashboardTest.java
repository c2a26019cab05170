package dev.drpo.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DashboardTest {
  @TempDir Path temporary;
  private RunFolderFixture run;
  private Dashboard dashboard;

  @BeforeEach
  void make() throws IOException {
    run = RunFolderFixture.in(temporary.resolve("run")).steps(1, 3).samples(3);
    dashboard = new Dashboard(List.of(WatchedRun.in("run", run.folder())));
  }

  private JsonNode json(String path, String query) throws IOException {
    Answer answer = dashboard.get(path, query);
    assertThat(answer.status()).as(path).isEqualTo(200);
    return new ObjectMapper().readTree(answer.body());
  }

  private String refusal(int status, String path, String query) {
    Answer answer = dashboard.get(path, query);
    assertThat(answer.status()).as(path).isEqualTo(status);
    return new String(answer.body(), StandardCharsets.UTF_8);
  }

  @Test
  void everyFileOfThePageIsThere() {
    for (String name : PageFiles.names()) {
      assertThat(dashboard.get(name, null).body()).as(name).isNotEmpty();
    }
    assertThat(new String(dashboard.get("palette.css", null).body(), StandardCharsets.UTF_8))
        .contains("--plot-learned: #", "prefers-color-scheme: dark");
  }

  @Test
  void noScriptOfThePageParsesMarkupOrNamesAnotherHost() {
    for (String name : PageFiles.names()) {
      if (name.startsWith("uplot")) {
        continue;
      }
      assertThat(new String(dashboard.get(name, null).body(), StandardCharsets.UTF_8))
          .as(name)
          .doesNotContainPattern(
              "innerHTML|outerHTML|insertAdjacentHTML|document\\.write|createContextualFragment"
                  + "|DOMParser|srcdoc|\\beval\\(|new Function|(?<!'http://www.w3.org/2000/svg')"
                  + "https?://(?!www\\.w3\\.org/2000/svg')");
    }
  }

  @Test
  void nothingElseIsServed() {
    for (String path : List.of("../run.yaml", "/etc/passwd", "api", "api/runs/1/samples", "x.js")) {
      assertThat(refusal(404, path, null)).contains("error");
    }
    assertThat(refusal(404, "api/runs/0/weights", null)).contains("weights");
    assertThat(refusal(404, "api/runs/0/step", "step=9")).contains("no such step");
    assertThat(refusal(404, "api/runs/0/sample", "step=3&group=0&response=9")).contains("not kept");
    for (String query : List.of("", "step=x", "step=%zz", "step")) {
      assertThat(refusal(400, "api/runs/0/samples", query)).contains("whole numbers");
    }
  }

  @Test
  void thePageKnowsItsRunsAndWhatEachNumberMeans() throws IOException {
    JsonNode page = json("api/page", null);
    assertThat(page.get("runs").get(0).get("name").asText()).isEqualTo("run");
    assertThat(page.get("runs").get(0).get("delta").asDouble()).isEqualTo(1e-3);
    assertThat(page.get("glossary").get("step").get("accuracy").get("definition").asText())
        .startsWith("Right responses");
  }

  @Test
  void aStepsLineHasItsHistograms() throws IOException {
    assertThat(json("api/runs/0/step", "step=2").get("lengthsCorrect").toString())
        .isEqualTo("[0,0,3,9,4]");
  }

  @Test
  void aListOfSamplesLeavesLongTextsToTheirTurn() throws IOException {
    JsonNode list = json("api/runs/0/samples", "step=3");
    assertThat(list).hasSize(2);
    assertThat(list.get(1).get("text").asText()).hasSizeLessThan(200).endsWith("…");
    JsonNode one = json("api/runs/0/sample", "step=3&group=0&response=1");
    assertThat(one.get("text").asText())
        .startsWith(RunFolderFixture.HOSTILE)
        .hasSizeGreaterThan(40_000);
    assertThat(one.get("question").asText()).endsWith(RunFolderFixture.HOSTILE);
    assertThat(one.get("groupRight").asInt()).isEqualTo(1);
    assertThat(json("api/runs/0/samples", "step=2")).isEmpty();
  }

  @Test
  void whatIsKeptOfAStepAgainReplacesWhatWasRead() throws IOException {
    json("api/runs/0/samples", "step=3");
    Files.delete(run.folder().resolve("samples/step-00000003.jsonl.gz"));
    assertThat(json("api/runs/0/samples", "step=3")).isEmpty();
  }

  @Test
  void aDamagedFileIsToldWithItsName() throws IOException {
    Files.write(run.folder().resolve("samples/step-00000003.jsonl.gz"), new byte[30]);
    assertThat(refusal(500, "api/runs/0/samples", "step=3"))
        .contains("step-00000003.jsonl.gz is damaged");
  }

  @Test
  void theConfigurationStandsBesideTheNearestPreset() throws IOException {
    JsonNode configuration = json("api/runs/0/configuration", null);
    assertThat(configuration.get("preset").asText()).isEqualTo("quickstart");
    assertThat(configuration.get("keys"))
        .filteredOn(key -> key.get("differs").asBoolean())
        .extracting(key -> key.get("key").asText() + "=" + key.get("value").asText())
        .containsExactly("objective.lambda=0.25");
    Files.writeString(run.folder().resolve("run.yaml"), "preset: quickstart\nno: key\n");
    assertThat(
            new Dashboard(List.of(WatchedRun.in("run", run.folder())))
                .get("api/runs/0/configuration", null)
                .body())
        .asString()
        .isEqualTo("null");
  }

  @Test
  void whoLogsInAtAnAddressIsNotShown() throws IOException {
    Files.writeString(
        run.folder().resolve("run.yaml"), "kafka:\n  bootstrap-servers: \"k://me:pass@host:1\"\n");
    assertThat(RunConfiguration.in(run.folder()).orElseThrow().value("kafka.bootstrap-servers"))
        .isEqualTo("k://…@host:1");
  }
}
