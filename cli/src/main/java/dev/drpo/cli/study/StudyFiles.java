package dev.drpo.cli.study;

import dev.drpo.cli.task.PolicyFiles;
import dev.drpo.cli.task.WholeFile;
import dev.drpo.policy.checkpoint.ModelConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Writes the study's files, which are a function of variant, probability and seed. */
final class StudyFiles {
  static final int TRAIN = 4_000;
  static final int HELD_OUT = 512;

  /** One for each place in the batches of the warm start's stages. */
  static final int TOURS = 400 * 32;

  /** As {@link #TOURS}. */
  static final int TRACES = 1_600 * 32;

  /** Traces of held-out problems, for the loss. */
  static final int HELD_OUT_TRACES = 500;

  /** Of the first candidate in the warm start, where it is less often right than later. */
  private static final double FIRST_IS_RIGHT_IN_TRACES = 0.6;

  /** Response budget in tokens, the end token included. */
  static final int BUDGET = 128;

  private final Variant variant;
  private final double firstIsRight;
  private final long seed;

  StudyFiles(Variant variant, double firstIsRight, long seed) {
    this.variant = variant;
    this.firstIsRight = firstIsRight;
    this.seed = seed;
  }

  private record Problem(String id, List<Message> messages, String gold, Metadata metadata) {
    static Problem of(SearchProblem problem) {
      return new Problem(
          problem.id(),
          List.of(new Message("user", problem.prompt())),
          Integer.toString(problem.answer()),
          new Metadata(problem.level(), problem.candidates().size()));
    }
  }

  private record Trace(List<Message> messages) {
    static Trace of(SearchProblem problem, String response) {
      return new Trace(
          List.of(new Message("user", problem.prompt()), new Message("assistant", response)));
    }
  }

  private record Message(String role, String content) {}

  private record Metadata(int level, int candidates) {}

  /** Writes {@code train.jsonl} and {@code heldout.jsonl}. */
  void writeProblems(Path folder) throws IOException {
    Files.createDirectories(folder);
    SearchGenerator generator = new SearchGenerator(variant, firstIsRight, false, new Random(seed));
    WholeFile.write(folder.resolve("heldout.jsonl"), distinct(generator, true, HELD_OUT));
    WholeFile.write(folder.resolve("train.jsonl"), distinct(generator, false, TRAIN));
  }

  private static Stream<Problem> distinct(SearchGenerator generator, boolean heldOut, int count) {
    Set<SearchProblem> drawn = new LinkedHashSet<>();
    while (drawn.size() < count) {
      drawn.add(generator.next(heldOut));
    }
    return new ArrayList<>(drawn).stream().map(Problem::of);
  }

  /**
   * Writes what the starting policy is made from: {@code tours.jsonl}, {@code traces.jsonl}, {@code
   * heldout-traces.jsonl}, and the files of a policy beside its weights.
   */
  void writeWarmStart(Path folder) throws IOException {
    Files.createDirectories(folder);
    Random random = new Random(seed);
    SearchGenerator problems = new SearchGenerator(variant, FIRST_IS_RIGHT_IN_TRACES, true, random);
    SearchTraces traces = new SearchTraces(random);
    WholeFile.write(
        folder.resolve("tours.jsonl"),
        Stream.generate(() -> problems.next(false, SearchProblem.MOST))
            .map(problem -> Trace.of(problem, traces.plainTour(problem)))
            .limit(TOURS));
    WholeFile.write(folder.resolve("traces.jsonl"), traces(problems, traces, false).limit(TRACES));
    WholeFile.write(
        folder.resolve("heldout-traces.jsonl"),
        traces(problems, traces, true).limit(HELD_OUT_TRACES));
    List<String> words = words();
    PolicyFiles.write(
        folder.resolve("policy"),
        new ModelConfig(words.size(), 128, 336, 3, 4, 1, 256, 10_000, 1e-6, true),
        words,
        BUDGET);
  }

  private static Stream<Trace> traces(
      SearchGenerator problems, SearchTraces traces, boolean heldOut) {
    return Stream.generate(() -> problems.next(heldOut))
        .map(problem -> Trace.of(problem, traces.write(problem)));
  }

  /** The words of both variants, so that both have the same architecture. */
  private static List<String> words() {
    List<String> words =
        new ArrayList<>(
            List.of(
                PolicyFiles.PADDING,
                PolicyFiles.END_OF_SEQUENCE,
                "?",
                "<think>",
                "</think>",
                "\\boxed{",
                "}",
                "wait",
                "no",
                "yes",
                "guess"));
    for (String letter : List.of("", "a", "b", "c", "x")) {
      IntStream.range(0, SearchProblem.MODULUS).mapToObj(i -> letter + i).forEach(words::add);
    }
    IntStream.range(0, Facts.TABLES).mapToObj(i -> "d" + i).forEach(words::add);
    return words;
  }
}
