package dev.drpo.learner.checkpoint;

import dev.drpo.policy.checkpoint.PolicyVersion;
import dev.drpo.reports.RunCounts;
import java.util.List;
import java.util.Map;

/**
 * Everything that a learner needs to go on, with the two files of tensors beside it.
 *
 * @param format how to read it, see {@link #FORMAT}; 0 is the one before formats were numbered
 * @param run the run's id
 * @param policy the version that {@code policy.safetensors} is; its step is the training steps done
 * @param optimizerSteps steps that AdamW has taken
 * @param dataSha256 hash of the training file; the data cursor is a function of step and seed
 * @param seed the run's seed; with a step it is the random state, for nothing draws in between
 * @param promptsPerStep problems of one step
 * @param settings the run's configuration, and hashes of the files that it names, by key; empty in
 *     format 0
 * @param resumeOffsets where to read the scored log on, by partition
 * @param countedUpTo how far the scored log is in the counters, by partition
 * @param versions every version published so far
 * @param wallSeconds time the run has taken, over all its processes
 * @param trainingSeconds of it, time outside evaluation
 * @param counters what the run has counted
 * @param objectiveState what the objective remembers of past responses, by question
 * @param files SHA-256 of each file of tensors, by name
 */
public record CheckpointManifest(
    int format,
    String run,
    PolicyVersion policy,
    long optimizerSteps,
    String dataSha256,
    long seed,
    int promptsPerStep,
    Map<String, String> settings,
    Map<Integer, Long> resumeOffsets,
    Map<Integer, Long> countedUpTo,
    List<PolicyVersion> versions,
    double wallSeconds,
    double trainingSeconds,
    RunCounts counters,
    Map<String, Long> objectiveState,
    Map<String, String> files) {
  /**
   * What is written now. From 1 on there are settings, and a checksum of the manifest beside it.
   */
  public static final int FORMAT = 1;

  public CheckpointManifest {
    settings = settings == null ? Map.of() : Map.copyOf(settings);
    resumeOffsets = Map.copyOf(resumeOffsets);
    countedUpTo = Map.copyOf(countedUpTo);
    versions = List.copyOf(versions);
    objectiveState = Map.copyOf(objectiveState);
    files = Map.copyOf(files);
  }

  /** Training steps done. */
  public long step() {
    return policy.step();
  }

  CheckpointManifest withFiles(Map<String, String> hashes) {
    return new CheckpointManifest(
        format,
        run,
        policy,
        optimizerSteps,
        dataSha256,
        seed,
        promptsPerStep,
        settings,
        resumeOffsets,
        countedUpTo,
        versions,
        wallSeconds,
        trainingSeconds,
        counters,
        objectiveState,
        hashes);
  }
}
