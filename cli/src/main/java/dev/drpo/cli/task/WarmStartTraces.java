package dev.drpo.cli.task;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/**
 * The traces that the starting policy learns, as {@code drpo sft} reads them. A problem may occur
 * again with another trace.
 */
final class WarmStartTraces {
  /** One for each place in the batches that the recipe learns them in. */
  static final int FOUNDATION = 28_800;

  /** As {@link #FOUNDATION}. */
  static final int LONG_WINDED = 32_320;

  /** Traces of held-out problems, for the loss. */
  static final int HELD_OUT = 500;

  private WarmStartTraces() {}

  /** One line of a file. */
  private record Line(List<Message> messages, String style) {
    static Line of(ArithmeticProblem problem, Trace trace) {
      return new Line(
          List.of(new Message("user", problem.prompt()), new Message("assistant", trace.text())),
          trace.style().name());
    }
  }

  private record Message(String role, String content) {}

  /**
   * Writes {@code foundation.jsonl}, {@code long-winded.jsonl} and {@code heldout-traces.jsonl},
   * and creates the folder where it is missing. The same seed gives the same files, byte for byte.
   */
  static void write(Path folder, long seed) throws IOException {
    Files.createDirectories(folder);
    var random = new Random(seed);
    WholeFile.write(
        folder.resolve("foundation.jsonl"),
        draw(TraceMix.FOUNDATION, Split.TRAIN, random).limit(FOUNDATION));
    WholeFile.write(
        folder.resolve("long-winded.jsonl"),
        draw(TraceMix.LONG_WINDED, Split.TRAIN, random).limit(LONG_WINDED));
    WholeFile.write(
        folder.resolve("heldout-traces.jsonl"),
        draw(TraceMix.LONG_WINDED, Split.HELD_OUT, random).limit(HELD_OUT));
  }

  private static Stream<Line> draw(TraceMix mix, Split split, Random random) {
    var problems = new ProblemGenerator(random);
    var writer = new TraceWriter(mix, random);
    return Stream.generate(
        () -> {
          ArithmeticProblem problem = problems.next(split);
          return Line.of(problem, writer.write(problem));
        });
  }
}
