package dev.drpo.learner.run;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.drpo.learner.step.Outcome;
import dev.drpo.learner.step.TrainingGroup;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/**
 * Stops a run that skips one update after the other: one mini-batch can be unlucky, but a policy
 * whose numbers stay infinite will not heal.
 */
final class SkippedUpdates {
  private static final Logger LOG = Logger.getLogger(SkippedUpdates.class);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final int allowed;
  private final Path folder;
  private final List<Skip> inARow = new ArrayList<>();

  /** One skipped update: a line of the file that is left for inspection. */
  private record Skip(long step, int miniBatch, String reason, List<TrainingGroup> groups) {}

  /**
   * Starts to count.
   *
   * @param allowed skipped updates in a row that the run survives
   * @param folder where the groups of the last ones are saved when it does not
   */
  SkippedUpdates(int allowed, Path folder) {
    this.allowed = allowed;
    this.folder = folder;
  }

  /**
   * Takes note of an update.
   *
   * @throws RunFailure if too many in a row were skipped; it names their groups and where they are
   *     saved
   */
  void note(long step, int miniBatch, Outcome outcome) throws IOException {
    switch (outcome) {
      case Outcome.Applied _ -> inARow.clear();
      case Outcome.Skipped(String reason, List<TrainingGroup> groups) -> {
        LOG.warnf(
            "step %d: the update on mini-batch %d is skipped, since %s (groups %s)",
            step, miniBatch, reason, names(groups));
        inARow.add(new Skip(step, miniBatch, reason, groups));
        if (inARow.size() > allowed) {
          throw stop();
        }
      }
    }
  }

  private RunFailure stop() throws IOException {
    Skip last = inARow.getLast();
    Path file = folder.resolve("skipped-updates-%08d.json".formatted(last.step()));
    JSON.writerWithDefaultPrettyPrinter().writeValue(file.toFile(), inARow);
    return new RunFailure(
        "%d updates in a row were skipped, the last in step %d, since %s (groups %s); their groups"
                .formatted(inARow.size(), last.step(), last.reason(), names(last.groups()))
            + " are in "
            + file
            + "; look for what is not finite there, lower optimizer.learning-rate, and resume from"
            + " the last checkpoint");
  }

  private static String names(List<TrainingGroup> groups) {
    return groups.stream().map(TrainingGroup::prompt).collect(Collectors.joining(", "));
  }
}
