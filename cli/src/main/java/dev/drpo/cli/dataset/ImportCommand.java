package dev.drpo.cli.dataset;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.drpo.cli.dataset.source.Prompts;
import dev.drpo.cli.dataset.source.Source;
import dev.drpo.cli.dataset.source.SourceFormat;
import dev.drpo.cli.exit.ExitCode;
import dev.drpo.cli.exit.UsageError;
import dev.drpo.problems.DataException;
import dev.drpo.problems.Problem;
import dev.drpo.problems.ProblemWriter;
import dev.drpo.problems.curation.Curation;
import dev.drpo.problems.curation.LeftOut;
import dev.drpo.problems.curation.LeftOut.Reason;
import dev.drpo.problems.curation.ProblemText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code drpo dataset import}: files of other projects become a file of problems. */
@Command(
    name = "import",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Make a file of problems of public data.",
      "",
      "Known shapes: the Parquet of DRPO and DeepScaleR (prompt, reward_model.ground_truth), their"
          + " JSON (problem, answer), Hugging Face's JSON lines and Parquet (question, answer;"
          + " GSM8K's '#### 72' too), CSV, and files of problems.",
      "What is left out is counted by reason on stderr.",
      ""
    },
    footer = {"", "Exit codes: 0 written, 2 wrong options or data; nothing was written then."})
final class ImportCommand implements Callable<Integer> {
  private static final int IDS_SHOWN = 5;

  @Spec private CommandSpec spec;
  @Mixin private SourceOptions sources;
  @Mixin private Outputs outputs;
  @Mixin private PromptOptions promptOptions;
  @Mixin private CurationOptions options;

  @Override
  public Integer call() {
    options.check();
    List<Path> read = new ArrayList<>(sources.files());
    read.addAll(options.evaluationSets());
    outputs.check(options.parts(), read);
    Prompts prompts = promptOptions.prompts();
    Curation curation = new Curation();
    for (Path file : sources.files()) {
      Source source = sources.read(file);
      source.addTo(curation, prompts, sources.numbered());
      tell(source);
    }
    refuseSharedIds(curation.problems());
    ProblemText text = new ProblemText(promptOptions.sentences());
    options.apply(curation, text);
    tellLeftOut(curation.leftOut());
    if (curation.problems().isEmpty()) {
      throw new DataException("no problem is left, so nothing is written");
    }
    write(options.split(curation, text), curation.leftOut());
    return ExitCode.OK;
  }

  private void tell(Source source) {
    say(
        "%s: %,d rows (%s); problem in %s, answer in %s, id %s"
            .formatted(
                source.file(),
                source.rows().size(),
                SourceFormat.of(source.file()).title(),
                source.fields().problem(),
                String.join(" or ", source.fields().answers()),
                sources.numbered() || source.fields().id().isEmpty()
                    ? "by row"
                    : "in " + source.fields().id().get()));
  }

  private static void refuseSharedIds(List<Problem> problems) {
    Map<String, Problem> seen = new HashMap<>();
    for (Problem problem : problems) {
      if (seen.putIfAbsent(problem.id(), problem) != null) {
        throw new DataException(
            "two problems have the id %s; give --number to count rows instead, or import files of"
                    .formatted(problem.id())
                + " one name apart, each with a --name of its own");
      }
    }
  }

  private void tellLeftOut(List<LeftOut> leftOut) {
    Map<Reason, List<LeftOut>> byReason =
        leftOut.stream()
            .collect(
                Collectors.groupingBy(
                    LeftOut::reason, () -> new EnumMap<>(Reason.class), Collectors.toList()));
    byReason.forEach(
        (reason, list) ->
            say(
                "left out %,6d  %s: %s (%s%s)"
                    .formatted(
                        list.size(),
                        reason.id(),
                        reason.meaning(),
                        list.stream()
                            .limit(IDS_SHOWN)
                            .map(LeftOut::id)
                            .collect(Collectors.joining(", ")),
                        list.size() > IDS_SHOWN ? ", …" : "")));
    leftOut.stream()
        .filter(what -> what.reason() == Reason.DUPLICATE_WITH_OTHER_GOLD)
        .forEach(what -> say("conflict  %s: %s".formatted(what.id(), what.detail())));
  }

  private void write(Map<String, List<Problem>> parts, List<LeftOut> leftOut) {
    for (Map.Entry<String, List<Problem>> part : parts.entrySet()) {
      Path file = outputs.file(part.getKey());
      if (part.getValue().isEmpty()) {
        throw new DataException(
            "%s would have no problem; give it a larger part, or more problems".formatted(file));
      }
    }
    for (Map.Entry<String, List<Problem>> part : parts.entrySet()) {
      Path file = outputs.file(part.getKey());
      try {
        String digest = ProblemWriter.write(file, part.getValue());
        say("wrote %,d problems to %s (sha256 %s)".formatted(part.getValue().size(), file, digest));
      } catch (IOException e) {
        throw unwritable(file, e);
      }
    }
    outputs.leftOut().ifPresent(file -> list(file, leftOut));
  }

  private static void list(Path file, List<LeftOut> leftOut) {
    ObjectMapper json = new ObjectMapper();
    StringBuilder lines = new StringBuilder();
    for (LeftOut what : leftOut) {
      lines
          .append(
              json.createObjectNode()
                  .put("id", what.id())
                  .put("reason", what.reason().id())
                  .put("detail", what.detail()))
          .append('\n');
    }
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      Files.writeString(file, lines);
    } catch (IOException e) {
      throw unwritable(file, e);
    }
  }

  private static UsageError unwritable(Path file, IOException cause) {
    return new UsageError("%s can't be written (%s); name a file elsewhere".formatted(file, cause));
  }

  private void say(String line) {
    spec.commandLine().getErr().println(line);
    spec.commandLine().getErr().flush();
  }
}
