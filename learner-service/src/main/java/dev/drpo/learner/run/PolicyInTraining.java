package dev.drpo.learner.run;

import dev.drpo.learner.step.TrainingGroup;
import dev.drpo.objectives.Signal;
import dev.drpo.policy.checkpoint.ModelConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The policy that a run trains, as the order of its steps sees it: no tensors, no devices. */
interface PolicyInTraining {
  /** What it is built like. */
  ModelConfig architecture();

  /**
   * What its objective needs of a group to learn from it.
   *
   * @param step whose group it is; the first is 0
   */
  Signal signal(long step);

  /**
   * Learns from a step's groups.
   *
   * @param step the first is 0; also the version that the weights are before it
   * @throws RunFailure if too many updates in a row are skipped
   */
  StepUpdate.Learned learn(List<TrainingGroup> groups, long step) throws IOException;

  /** Updates that the optimizer has made. */
  long optimizerSteps();

  /** What the objective remembers of past responses, by question. */
  Map<String, Long> objectiveState();

  /**
   * Writes weights and optimizer as a checkpoint has them, and forces both files to disk.
   *
   * @throws IOException if the disk is full
   */
  void save(Path policy, Path optimizer) throws IOException;

  /**
   * Writes the policy as a Hugging Face folder.
   *
   * @throws IOException if the disk is full
   */
  void export(Path folder) throws IOException;
}
