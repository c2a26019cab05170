package dev.drpo.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FeedTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path temporary;
  private RunFolderFixture run;
  private Dashboard dashboard;

  private record Event(String kind, String id, JsonNode is) {}

  @BeforeEach
  void make() throws IOException {
    run = RunFolderFixture.in(temporary.resolve("run")).steps(1, 3);
    dashboard = new Dashboard(List.of(WatchedRun.in("run", run.folder())));
  }

  private static List<Event> events(Feed feed) throws IOException {
    List<Event> events = new ArrayList<>();
    for (String block : feed.next().split("\n\n", -1)) {
      String[] lines = block.split("\n", -1);
      if (lines.length == 3) {
        events.add(
            new Event(
                lines[0].substring("event: ".length()),
                lines[1].substring("id: ".length()),
                JSON.readTree(lines[2].substring("data: ".length())).get("is")));
      }
    }
    return events;
  }

  private static List<JsonNode> steps(List<Event> events) {
    return events.stream().filter(event -> event.kind().equals("steps")).map(Event::is).toList();
  }

  @Test
  void aNewReaderIsToldEverythingAndThenWhatIsNew() throws IOException {
    Feed feed = dashboard.feed(Optional.empty());
    List<Event> first = events(feed);
    assertThat(first)
        .extracting(Event::kind)
        .containsExactly("steps", "state", "evaluations", "samples");
    assertThat(steps(first).getFirst().get("columns").get("step").toString()).isEqualTo("[1,2,3]");
    assertThat(first.get(1).is().get("state").asText()).isEqualTo("not completed");

    assertThat(events(feed)).isEmpty();
    run.steps(4, 4).evaluations().samples(4);
    List<Event> next = events(feed);
    assertThat(steps(next).getFirst().get("from").asInt()).isEqualTo(3);
    assertThat(steps(next).getFirst().get("columns").get("step").toString()).isEqualTo("[4]");
    assertThat(steps(next).getFirst().get("last").get("accuracy").asDouble()).isPositive();
    assertThat(next.getLast().is().toString()).isEqualTo("[4]");
  }

  @Test
  void aReaderWhoComesBackIsToldWhatItMissed() throws IOException {
    Feed feed = dashboard.feed(Optional.empty());
    String id = events(feed).getLast().id();
    run.steps(4, 5);
    List<JsonNode> missed = steps(events(dashboard.feed(Optional.of(id))));
    assertThat(missed).hasSize(1);
    assertThat(missed.getFirst().get("columns").get("step").toString()).isEqualTo("[4,5]");
  }

  @Test
  void aReaderOfAnotherProcessOrWithANonsensicalIdIsToldEverything() throws IOException {
    String id = events(dashboard.feed(Optional.empty())).getLast().id();
    Dashboard restarted = new Dashboard(List.of(WatchedRun.in("run", run.folder())));
    for (String other : List.of(id, "", "x;0:3", id + ";0:1", id.replaceAll("[^;]*$", "9:z"))) {
      assertThat(steps(events(restarted.feed(Optional.of(other)))).getFirst().get("from").asInt())
          .isZero();
    }
  }

  @Test
  void whatARunTakesAgainIsToldInThePlaceOfWhatItTook() throws IOException {
    Feed feed = dashboard.feed(Optional.empty());
    int generation = steps(events(feed)).getFirst().get("generation").asInt();
    Files.writeString(run.metrics(), RunFolderFixture.line(1));
    JsonNode again = steps(events(feed)).getFirst();
    assertThat(again.get("generation").asInt()).isGreaterThan(generation);
    assertThat(again.get("from").asInt()).isZero();
    assertThat(again.get("columns").get("step").toString()).isEqualTo("[1]");
  }

  @Test
  void silenceIsBrokenNowAndThen() throws IOException {
    Feed feed = dashboard.feed(Optional.empty());
    events(feed);
    List<String> silent = new ArrayList<>();
    for (int call = 0; call < 15; call++) {
      silent.add(feed.next());
    }
    assertThat(silent.subList(0, 14)).allMatch(String::isEmpty);
    assertThat(silent.getLast()).isEqualTo(":\n\n");
  }

  @Test
  void aRunWithReportIsCompleted() throws IOException {
    Files.writeString(run.folder().resolve("report.json"), "{}");
    assertThat(events(dashboard.feed(Optional.empty())).get(1).is().get("state").asText())
        .isEqualTo("completed");
  }
}
