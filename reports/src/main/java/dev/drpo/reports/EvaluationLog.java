package dev.drpo.reports;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a run's evaluations have found so far, in the order of steps, and {@code evaluations.jsonl}
 * with one {@link PolicyEvaluation} per line. The file is written anew each time, so that a reader
 * sees the old one or the new one whole.
 *
 * <p>Not thread-safe: the learner's thread is the only writer.
 */
public final class EvaluationLog {
  private final Path file;
  private final SortedMap<Long, PolicyEvaluation> found = new TreeMap<>();

  /** A log without entries; a file that is there stays until there is one. */
  public EvaluationLog(Path file) {
    this.file = file;
  }

  /**
   * Adds what was found of a policy, or replaces it. What evaluated nothing is left out.
   *
   * @param step training steps that the policy has taken
   * @throws IOException if the file can't be written
   */
  public void add(long step, Evaluation evaluation) throws IOException {
    if (!evaluation.isPresent()) {
      return;
    }
    found.put(step, new PolicyEvaluation(step, evaluation));
    StringBuilder lines = new StringBuilder();
    for (PolicyEvaluation one : found.values()) {
      lines.append(ReportJson.MAPPER.writeValueAsString(one)).append('\n');
    }
    ReportWriter.replace(file, lines.toString().getBytes(StandardCharsets.UTF_8));
  }

  /** All of them, in the order of steps. */
  public List<PolicyEvaluation> all() {
    return List.copyOf(found.values());
  }

  /** The best policy's; empty if nothing was evaluated. */
  public Optional<PolicyEvaluation> best() {
    return found.values().stream().max(PolicyEvaluation.FROM_WORST_TO_BEST);
  }
}
