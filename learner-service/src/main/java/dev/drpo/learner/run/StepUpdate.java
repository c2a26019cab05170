package dev.drpo.learner.run;

import com.google.common.collect.Lists;
import dev.drpo.learner.step.LogProbabilityGap;
import dev.drpo.learner.step.MiniBatchUpdate;
import dev.drpo.learner.step.Outcome;
import dev.drpo.learner.step.PerMicroBatch;
import dev.drpo.learner.step.TrainingGroup;
import dev.drpo.learner.step.UpdateSettings;
import dev.drpo.objectives.Objective;
import dev.drpo.policy.trainer.PolicyTrainer;
import dev.drpo.runtime.config.RunConfig;
import dev.drpo.runtime.config.TrainingConfig;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jboss.logging.Logger;

/** Updates the policy with a step's groups, mini-batch by mini-batch. */
final class StepUpdate {
  private static final Logger LOG = Logger.getLogger(StepUpdate.class);

  private final TrainingConfig config;
  private final PolicyTrainer trainer;
  private final Objective objective;
  private final MiniBatchUpdate update;
  private final OptimizerSchedule optimizer;
  private final SkippedUpdates skipped;

  /**
   * Sets up the updates.
   *
   * @param trainer on the devices
   * @param objective to maximise
   */
  StepUpdate(
      RunConfig config, PolicyTrainer trainer, TrainingDevices devices, Objective objective) {
    this.config = config.training();
    this.trainer = trainer;
    this.objective = objective;
    this.update =
        new MiniBatchUpdate(
            trainer,
            config.training().hinge() == TrainingConfig.Hinge.MICRO_BATCH
                ? new PerMicroBatch(objective, config.training().promptsPerHinge())
                : objective,
            new UpdateSettings(
                config.sampling().temperature(),
                config.training().tokensPerMicroBatch(),
                config.training().retainedTokens(),
                devices.workers(),
                config.training().importanceCap()));
    this.optimizer = OptimizerSchedule.of(config);
    this.skipped =
        new SkippedUpdates(config.training().badStepsAllowed(), config.run().directory());
  }

  /** What came of a step's mini-batches, and how far sampler and learner are apart. */
  record Learned(List<MiniBatchUpdate.Result> results, LogProbabilityGap gap) {}

  /** What is maximised. */
  Objective objective() {
    return objective;
  }

  /** The policy as it is, and its optimizer. */
  PolicyTrainer trainer() {
    return trainer;
  }

  /**
   * Learns from a step's groups.
   *
   * @param step the first is 0; also the version that the weights are before it
   * @throws RunFailure if too many updates in a row are skipped
   */
  Learned learn(List<TrainingGroup> groups, long step) throws IOException {
    boolean recompute =
        config.oldLogProbabilities() == TrainingConfig.OldLogProbabilities.RECOMPUTE;
    List<TrainingGroup> ready = recompute ? update.recomputeOld(groups) : groups;
    int size = Math.ceilDiv(ready.size(), config.miniBatchesPerStep());
    List<MiniBatchUpdate.Result> results = new ArrayList<>();
    for (List<TrainingGroup> miniBatch : Lists.partition(ready, size)) {
      // Only before the first update are the weights those of a published version.
      OptionalLong present = results.isEmpty() ? OptionalLong.of(step) : OptionalLong.empty();
      MiniBatchUpdate.Result result = update.apply(miniBatch, present, optimizer.at(step));
      results.add(result);
      skipped.note(step + 1, results.size(), result.outcome());
      if (result.outcome() instanceof Outcome.Applied) {
        miniBatch.forEach(this::observe);
      }
    }
    LogProbabilityGap gap =
        recompute ? LogProbabilityGap.ofRecomputed(ready, step) : results.getFirst().gap();
    warnOf(gap, step);
    return new Learned(results, gap);
  }

  private void observe(TrainingGroup group) {
    for (TrainingGroup.Sample sample : group.samples()) {
      objective.observe(group.prompt(), sample.correct(), sample.tokens().length);
    }
  }

  private void warnOf(LogProbabilityGap gap, long step) {
    if (gap.mean() > config.logProbabilityAlarm()) {
      LOG.warnf(
          "step %d: sampler and learner disagree by %.4f nats per token under the same weights, at"
              + " most %.4f; training.log-probability-alarm is %s: check that both run the same"
              + " weights, precision and temperature, or set training.old-log-probabilities to"
              + " recompute",
          step + 1, gap.mean(), gap.largest(), config.logProbabilityAlarm());
    }
  }
}
