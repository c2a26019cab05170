package dev.drpo.cli.eval;

import dev.drpo.problems.Problem;
import java.nio.file.Path;
import java.util.List;

/**
 * A named set of problems.
 *
 * @param name the file's without its ending
 * @param sha256 of the whole file
 * @param problems all of the file, or the first ones
 */
record EvalSet(String name, Path file, String sha256, List<Problem> problems) {
  EvalSet {
    problems = List.copyOf(problems);
  }
}
