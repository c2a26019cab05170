package dev.drpo.cli.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A run that was audited.
 *
 * @param folder where it lies
 * @param outcome what came of it; empty for one of an earlier command, whose topics are gone
 * @param files what it has left; empty if it did not end
 * @param audit empty where topics or files are missing, or the broker has lost its data
 */
record Trial(
    Path folder,
    Optional<ChaosRun.Outcome> outcome,
    Optional<RunFiles> files,
    Optional<Audit.Result> audit) {

  /** Audits a run that has just ended. */
  static Trial of(Path folder, ChaosRun.Outcome outcome, int steps, int promptsPerStep)
      throws IOException {
    if (outcome.failure().isPresent()) {
      return new Trial(folder, Optional.of(outcome), Optional.empty(), Optional.empty());
    }
    RunFiles files = RunFiles.in(folder);
    return new Trial(
        folder,
        Optional.of(outcome),
        Optional.of(files),
        audit(outcome, files, steps, promptsPerStep));
  }

  /** What the topics had is evidence only if all of it was there to be read. */
  private static Optional<Audit.Result> audit(
      ChaosRun.Outcome outcome, RunFiles files, int steps, int promptsPerStep) {
    return outcome.losses() > 0
        ? Optional.empty()
        : Optional.of(new Audit(outcome.evidence(), files, steps, promptsPerStep).result());
  }

  /** A run of an earlier command. */
  static Trial earlier(Path folder) throws IOException {
    return new Trial(folder, Optional.empty(), Optional.of(RunFiles.in(folder)), Optional.empty());
  }

  /** From its first process to its end, in seconds. */
  double seconds() {
    return outcome
        .map(run -> run.wall().toMillis() / 1e3)
        .orElseGet(() -> files.map(RunFiles::wallSeconds).orElse(0.0));
  }

  /** What must not be, of this run by itself. */
  List<String> violations() throws IOException {
    List<String> violations = new ArrayList<>();
    outcome.flatMap(ChaosRun.Outcome::failure).ifPresent(violations::add);
    audit.ifPresent(result -> violations.addAll(result.violations()));
    if (files.isPresent() && outcome.isPresent()) {
      for (Evidence.Version version : RunFiles.unnoticed(folder, outcome.get().damaged())) {
        violations.add(
            "no replica noticed that the patch of version %d was damaged"
                .formatted(version.step()));
      }
    }
    return violations;
  }

  /** What makes another run of the same configuration differ from this one. */
  List<String> differences(Trial other) throws IOException {
    if (files.isEmpty() || other.files().isEmpty()) {
      return List.of();
    }
    List<String> differences = new ArrayList<>();
    List<RunFiles.Step> mine = files.get().steps();
    List<RunFiles.Step> theirs = other.files().get().steps();
    if (mine.size() != theirs.size()) {
      differences.add(
          "the storm took %d steps, and the calm %d".formatted(theirs.size(), mine.size()));
    }
    if (files.get().trained() != other.files().get().trained()) {
      differences.add(
          "the storm counts %d trained groups, and the calm %d"
              .formatted(other.files().get().trained(), files.get().trained()));
    }
    for (int i = 0; i < Math.min(mine.size(), theirs.size()); i++) {
      if (!mine.get(i).equals(theirs.get(i))) {
        differences.add(
            "from step %d on, the storm learned from other groups than the calm"
                .formatted(mine.get(i).number()));
        break;
      }
    }
    String digest = files.get().policyDigest();
    if (digest.isEmpty() || !digest.equals(other.files().get().policyDigest())) {
      differences.add(
          "the storm's policy %s is not the calm's, %s"
              .formatted(
                  Audit.shortened(other.files().get().policyDigest()), Audit.shortened(digest)));
    }
    if (Files.mismatch(weights(), other.weights()) >= 0) {
      differences.add(
          "the policies' files differ: %s and %s".formatted(weights(), other.weights()));
    }
    return differences;
  }

  private Path weights() {
    return folder.resolve("policy/model.safetensors");
  }
}
