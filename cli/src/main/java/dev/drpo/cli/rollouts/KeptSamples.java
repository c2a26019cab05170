package dev.drpo.cli.rollouts;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.drpo.cli.exit.UsageError;
import dev.drpo.cli.lines.LineOutput;
import dev.drpo.reports.ReportJson;
import dev.drpo.reports.samples.SampleFiles;
import dev.drpo.reports.samples.SampleGroup;
import dev.drpo.reports.samples.SampleResponse;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Prints the responses that a run keeps in its folder, as those of its topics are printed. */
record KeptSamples(SampleFiles files, Selection selection, boolean json) {
  /** Those of a run's folder. */
  static KeptSamples in(Path run, Selection selection, boolean json) {
    return new KeptSamples(SampleFiles.ofRun(run), selection, json);
  }

  /** Whether there are any. */
  boolean exist() throws IOException {
    return !files.steps().isEmpty();
  }

  /**
   * Prints the last groups that are chosen.
   *
   * @return how many
   * @throws UsageError if groups of evaluations are asked for, which no run keeps
   */
  int print(int last, LineOutput out) throws IOException {
    if (selection.isOfEvaluations()) {
      throw new UsageError(
          "the folder keeps groups of training alone; leave --evaluation out, or read the topics");
    }
    List<SampleGroup> chosen = new ArrayList<>();
    for (long step : files.steps().reversed()) {
      List<SampleGroup> ofStep =
          files.read(step).stream()
              .filter(group -> selection.has(group.step(), group.prompt()))
              .map(group -> group.with(response -> selection.has(response.right())))
              .filter(group -> !group.responses().isEmpty())
              .toList();
      chosen.addAll(
          0, ofStep.subList(Math.max(0, ofStep.size() - last + chosen.size()), ofStep.size()));
      if (chosen.size() >= last) {
        break;
      }
    }
    for (SampleGroup group : chosen) {
      out.write((json ? line(group) : String.join("\n", lines(group)) + "\n") + "\n");
    }
    return chosen.size();
  }

  private static String line(SampleGroup group) throws JsonProcessingException {
    return ReportJson.MAPPER.writeValueAsString(group);
  }

  private static List<String> lines(SampleGroup group) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "step %d, problem %s, by %s with policy %s: %d of %d right"
            .formatted(
                group.step(),
                group.prompt(),
                group.replica(),
                group.responses().stream()
                    .flatMap(response -> response.versions().stream())
                    .distinct()
                    .sorted()
                    .map(String::valueOf)
                    .collect(Collectors.joining(", ")),
                group.right(),
                group.size()));
    lines.add("  prompt: " + GroupText.oneLine(group.question()));
    lines.add("  gold:   " + String.join(" | ", group.golds()));
    for (SampleResponse response : group.responses()) {
      lines.add("  %d. %s".formatted(response.sample() + 1, verdict(response)));
      response.text().strip().lines().forEach(line -> lines.add("     " + line));
    }
    return lines;
  }

  private static String verdict(SampleResponse response) {
    return "%s, %d tokens%s, rule %s, reward %s, weight %s%s"
        .formatted(
            response.right() ? "right" : "wrong: " + response.outcome(),
            response.tokens(),
            response.cutOff() ? " (cut off)" : "",
            response.rule().isEmpty() ? "none" : response.rule(),
            String.format(Locale.ROOT, "%.3g", response.reward()),
            Double.isNaN(response.weight())
                ? "none"
                : String.format(Locale.ROOT, "%.3g", response.weight()),
            response.answer().isEmpty() ? "" : ", answer " + GroupText.oneLine(response.answer()));
  }
}
