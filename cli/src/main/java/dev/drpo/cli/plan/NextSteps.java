package dev.drpo.cli.plan;

import dev.drpo.planning.Plan;
import dev.drpo.runtime.config.GivenKeys;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** How a planned run is started. */
final class NextSteps {
  private NextSteps() {}

  /**
   * Lines for people.
   *
   * @param out the file that the configuration goes to, or null for none
   */
  static List<String> lines(Plan plan, GivenKeys given, Path out) {
    List<String> lines = new ArrayList<>();
    lines.add("");
    if (out == null) {
      lines.add("--out FILE writes this as a configuration");
      return lines;
    }
    String file = out.toString();
    if (plan.request().fleet().nodes() > 1) {
      lines.add(
          "%s is the configuration of every pod (docs/gpus.md): the learner's with %d GPUs, and %d rollout replicas with one each"
              .formatted(file, plan.learners(), plan.replicas()));
    } else {
      lines.add("start it with: ./drpo train --config " + file + missing(given).orElse(""));
    }
    return lines;
  }

  /** Keys that train asks for beside the configuration. */
  private static Optional<String> missing(GivenKeys given) {
    if (given.preset().filter("quickstart"::equals).isPresent()) {
      return Optional.empty();
    }
    return Stream.of("policy.path=DIR", "data.train=FILE", "data.heldout=FILE")
        .filter(key -> !given.has(key.substring(0, key.indexOf('='))))
        .reduce((some, more) -> some + " " + more)
        .map(keys -> " " + keys);
  }
}
