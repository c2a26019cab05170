package dev.drpo.learner.checkpoint;

import java.util.Map;

/**
 * Everything that a learner needs to go on, with the two files of tensors beside it.
 *
 * @param run the run's id
 * @param step training steps done, which is also the policy's version
 * @param policyDigest digest of {@code policy.safetensors}
 * @param optimizerSteps steps that AdamW has taken
 * @param dataSha256 hash of the training file; the data cursor is a function of step and seed
 * @param seed the run's seed
 * @param promptsPerStep problems of one step
 * @param resumeOffsets where to read the scored log on, by partition
 * @param countedUpTo how far the scored log is in the counters, by partition
 * @param digests of every version published so far, by step
 * @param wallSeconds time the run has taken, over all its processes
 * @param trainingSeconds of it, time outside evaluation
 * @param counters what the run has counted
 * @param objectiveState what the objective remembers of past responses, by question
 * @param files SHA-256 of each file of the checkpoint, by name
 */
public record CheckpointManifest(
    String run,
    long step,
    String policyDigest,
    long optimizerSteps,
    String dataSha256,
    long seed,
    int promptsPerStep,
    Map<Integer, Long> resumeOffsets,
    Map<Integer, Long> countedUpTo,
    Map<Long, String> digests,
    double wallSeconds,
    double trainingSeconds,
    Counters counters,
    Map<String, Long> objectiveState,
    Map<String, String> files) {
  /** Training groups and tokens; dead letters are counted again from their log. */
  public record Counters(
      long dispatched,
      long scored,
      long trained,
      long duplicates,
      long tokensGenerated,
      long tokensLearned,
      long refilled) {}

  public CheckpointManifest {
    resumeOffsets = Map.copyOf(resumeOffsets);
    countedUpTo = Map.copyOf(countedUpTo);
    digests = Map.copyOf(digests);
    objectiveState = Map.copyOf(objectiveState);
    files = Map.copyOf(files);
  }

  CheckpointManifest withFiles(Map<String, String> hashes) {
    return new CheckpointManifest(
        run,
        step,
        policyDigest,
        optimizerSteps,
        dataSha256,
        seed,
        promptsPerStep,
        resumeOffsets,
        countedUpTo,
        digests,
        wallSeconds,
        trainingSeconds,
        counters,
        objectiveState,
        hashes);
  }
}
