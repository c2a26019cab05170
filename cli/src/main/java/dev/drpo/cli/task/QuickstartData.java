package dev.drpo.cli.task;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * The quickstart's problems, none of which occurs twice.
 *
 * @param train {@link #TRAIN_PROBLEMS} problems to learn from
 * @param heldOut {@link #HELD_OUT_PROBLEMS} problems to evaluate on
 */
record QuickstartData(List<ArithmeticProblem> train, List<ArithmeticProblem> heldOut) {
  static final int TRAIN_PROBLEMS = 20_000;
  static final int HELD_OUT_PROBLEMS = 1_000;

  QuickstartData {
    train = List.copyOf(train);
    heldOut = List.copyOf(heldOut);
  }

  /** One line of a data file. */
  private record Line(String id, List<Message> messages, String gold, Metadata metadata) {
    static Line of(ArithmeticProblem problem) {
      return new Line(
          problem.id(),
          List.of(new Message("user", problem.prompt())),
          Integer.toString(problem.answer()),
          new Metadata(problem.steps().size()));
    }
  }

  private record Message(String role, String content) {}

  private record Metadata(int operations) {}

  /** The data of a seed. */
  static QuickstartData generate(long seed) {
    var generator = new ProblemGenerator(new Random(seed));
    List<ArithmeticProblem> heldOut = draw(generator, Split.HELD_OUT, HELD_OUT_PROBLEMS);
    List<ArithmeticProblem> train = draw(generator, Split.TRAIN, TRAIN_PROBLEMS);
    return new QuickstartData(train, heldOut);
  }

  private static List<ArithmeticProblem> draw(ProblemGenerator generator, Split split, int count) {
    Set<ArithmeticProblem> problems = new LinkedHashSet<>();
    int lengths = ArithmeticProblem.MAX_STEPS - ArithmeticProblem.MIN_STEPS + 1;
    while (problems.size() < count) {
      // The number of steps goes round, so that repeats of short problems don't make them rarer.
      int steps = ArithmeticProblem.MIN_STEPS + problems.size() % lengths;
      problems.add(generator.next(split, steps));
    }
    return new ArrayList<>(problems);
  }

  /**
   * Writes {@code train.jsonl} and {@code heldout.jsonl}, and creates the folder where it is
   * missing. A file appears whole or not at all.
   */
  void write(Path folder) throws IOException {
    Files.createDirectories(folder);
    WholeFile.write(folder.resolve("train.jsonl"), train.stream().map(Line::of));
    WholeFile.write(folder.resolve("heldout.jsonl"), heldOut.stream().map(Line::of));
  }
}
