package dev.drpo.cli.dataset;

import dev.drpo.cli.dataset.source.Fields;
import dev.drpo.cli.dataset.source.Source;
import dev.drpo.cli.exit.UsageError;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which files problems come from, and which of their fields mean what. */
final class SourceOptions {
  @Parameters(
      paramLabel = "SOURCE",
      arity = "1..*",
      description = "Parquet, JSON, JSON lines or CSV files, told apart by what they hold.")
  private List<Path> files = List.of();

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "What ids begin with, as in NAME-17 (default: the file's name).")
  private Optional<String> name = Optional.empty();

  @Option(
      names = "--number",
      description = "Count the rows for ids, even where the source has ids of its own.")
  private boolean numbered;

  @Option(
      names = "--problem-field",
      paramLabel = "FIELD",
      description = "Field of the problem, a text or a list of messages; a.b inside a struct.")
  private Optional<String> problem = Optional.empty();

  @Option(
      names = "--answer-field",
      paramLabel = "FIELD",
      description = "Field of the right answer: a text, a number, or a list of right answers.")
  private Optional<String> answer = Optional.empty();

  @Option(names = "--id-field", paramLabel = "FIELD", description = "Field of the id.")
  private Optional<String> id = Optional.empty();

  @Option(
      names = "--metadata",
      paramLabel = "FIELD",
      split = ",",
      description = "Fields to keep as metadata (default: all whose values are short).")
  private List<String> metadata;

  @Option(
      names = "--set",
      paramLabel = "NAME",
      description =
          "Write NAME as metadata `set` into every problem, so that a run can evaluate by set.")
  private Optional<String> set = Optional.empty();

  /** The files as they were given. */
  List<Path> files() {
    return files;
  }

  boolean numbered() {
    return numbered;
  }

  /**
   * Reads a file.
   *
   * @throws UsageError if options contradict each other
   */
  Source read(Path file) {
    if (numbered && id.isPresent()) {
      throw new UsageError("--number and --id-field exclude each other; give one of them");
    }
    return Source.read(
        name.orElseGet(() -> Source.nameOf(file)),
        file,
        new Fields.Named(problem, answer, id, Optional.ofNullable(metadata)),
        set);
  }
}
