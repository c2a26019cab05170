package dev.drpo.dashboard;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.drpo.reports.ReportJson;
import dev.drpo.reports.samples.SampleFiles;
import dev.drpo.reports.samples.SampleGroup;
import dev.drpo.reports.samples.SampleResponse;
import java.io.IOException;
import java.lang.ref.SoftReference;
import java.util.List;
import java.util.Optional;

/**
 * A run's kept responses as the page asks for them: first a step's list without the texts, which
 * can be many megabytes, then one of them whole. Safe for use by many threads.
 */
final class SampleReader {
  /** Characters of a text that a list shows of it. */
  private static final int BEGINNING = 160;

  private final SampleFiles files;
  private SoftReference<Step> last = new SoftReference<>(null);

  SampleReader(SampleFiles files) {
    this.files = files;
  }

  private record Step(long step, long modifiedMillis, List<SampleGroup> groups) {}

  List<Long> steps() throws IOException {
    return files.steps();
  }

  /** The step's responses, each with the beginning of its text. */
  ArrayNode list(long step) throws IOException {
    ArrayNode all = ReportJson.MAPPER.createArrayNode();
    List<SampleGroup> groups = groups(step);
    for (int g = 0; g < groups.size(); g++) {
      SampleGroup group = groups.get(g);
      for (int r = 0; r < group.responses().size(); r++) {
        SampleResponse response = group.responses().get(r);
        all.add(
            responseJson(response)
                .put("group", g)
                .put("response", r)
                .put("prompt", group.prompt())
                .put("text", beginning(response.text())));
      }
    }
    return all;
  }

  /** One response with its text and its group's question; empty if there is none. */
  Optional<ObjectNode> one(long step, int group, int response) throws IOException {
    List<SampleGroup> groups = groups(step);
    if (group < 0 || group >= groups.size()) {
      return Optional.empty();
    }
    SampleGroup of = groups.get(group);
    if (response < 0 || response >= of.responses().size()) {
      return Optional.empty();
    }
    ObjectNode json =
        responseJson(of.responses().get(response))
            .put("prompt", of.prompt())
            .put("question", of.question())
            .put("replica", of.replica())
            .put("groupSize", of.size())
            .put("groupRight", of.right());
    of.golds().forEach(json.withArray("golds")::add);
    return Optional.of(json);
  }

  private static ObjectNode responseJson(SampleResponse response) {
    return ReportJson.MAPPER.valueToTree(response);
  }

  private static String beginning(String text) {
    if (text.length() <= BEGINNING) {
      return text;
    }
    boolean insideCharacter = Character.isHighSurrogate(text.charAt(BEGINNING - 1));
    return text.substring(0, insideCharacter ? BEGINNING - 1 : BEGINNING) + "…";
  }

  private synchronized List<SampleGroup> groups(long step) throws IOException {
    Step held = last.get();
    long modifiedMillis = files.modifiedMillis(step);
    if (held == null || held.step() != step || held.modifiedMillis() != modifiedMillis) {
      held = new Step(step, modifiedMillis, files.read(step));
      last = new SoftReference<>(held);
    }
    return held.groups();
  }
}
