package dev.drpo.learner.run;

import com.google.common.collect.Lists;
import dev.drpo.learner.step.Importance;
import dev.drpo.learner.step.LogProbabilityGap;
import dev.drpo.learner.step.MiniBatchUpdate;
import dev.drpo.learner.step.Outcome;
import dev.drpo.learner.step.Passes;
import dev.drpo.learner.step.PerMicroBatch;
import dev.drpo.learner.step.TrainingGroup;
import dev.drpo.learner.step.UpdateSettings;
import dev.drpo.objectives.Objective;
import dev.drpo.objectives.Signal;
import dev.drpo.policy.checkpoint.ModelConfig;
import dev.drpo.policy.checkpoint.PolicyFolder;
import dev.drpo.policy.decoder.PolicyExport;
import dev.drpo.policy.safetensors.ElementType;
import dev.drpo.policy.trainer.PolicyTrainer;
import dev.drpo.runtime.config.RunConfig;
import dev.drpo.runtime.config.TrainingConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.jboss.logging.Logger;

/** Updates the policy with a step's groups, mini-batch by mini-batch. */
final class StepUpdate implements PolicyInTraining {
  private static final Logger LOG = Logger.getLogger(StepUpdate.class);

  private final PolicyFolder starting;
  private final TrainingConfig config;
  private final GapAlarm alarm;
  private final PolicyTrainer trainer;
  private final StagedObjective objective;
  private final Optional<StagedObjective> drpo;
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
      RunConfig config, PolicyTrainer trainer, TrainingDevices devices, StagedObjective objective) {
    this(
        config,
        trainer,
        Passes.of(trainer, config.sampling().temperature()),
        devices.workers(),
        objective);
  }

  /** Sets up the updates with the trainer's passes as somebody watches them. */
  StepUpdate(
      RunConfig config,
      PolicyTrainer trainer,
      Passes passes,
      int workers,
      StagedObjective objective) {
    this.starting = new PolicyFolder(config.policy().path());
    this.config = config.training();
    this.alarm = GapAlarm.of(config);
    this.trainer = trainer;
    this.objective = objective;
    this.drpo = StagedObjective.drpoBeside(config);
    this.update =
        new MiniBatchUpdate(
            trainer,
            passes,
            config.training().hinge() == TrainingConfig.Hinge.MICRO_BATCH
                ? new PerMicroBatch(objective, config.training().promptsPerHinge())
                : objective,
            drpo.map(Objective.class::cast),
            new UpdateSettings(
                config.sampling().temperature(),
                config.training().tokensPerMicroBatch(),
                config.training().retainedTokens(),
                workers,
                Importance.of(config.training())));
    this.optimizer = OptimizerSchedule.of(config);
    this.skipped =
        new SkippedUpdates(config.training().badStepsAllowed(), config.run().directory());
  }

  /**
   * What came of a step.
   *
   * @param results of its mini-batches
   * @param gap how far sampler and learner are apart
   * @param divergence KL(old || new) after the last update, over some of the groups; NaN where it
   *     is not measured
   */
  record Learned(List<MiniBatchUpdate.Result> results, LogProbabilityGap gap, double divergence) {}

  @Override
  public ModelConfig architecture() {
    return trainer.decoder().config();
  }

  @Override
  public Signal signal(long step) {
    return objective.signal(step);
  }

  @Override
  public long optimizerSteps() {
    return trainer.optimizerSteps();
  }

  @Override
  public Map<String, Long> objectiveState() {
    return objective.state();
  }

  @Override
  public void save(Path policy, Path optimizer) throws IOException {
    trainer.decoder().save(policy, ElementType.F32);
    trainer.saveMoments(optimizer);
  }

  @Override
  public void export(Path folder) throws IOException {
    PolicyExport.like(starting).write(trainer.decoder(), folder);
  }

  @Override
  public Learned learn(List<TrainingGroup> groups, long step) throws IOException {
    objective.enter(step);
    drpo.ifPresent(beside -> beside.enter(step));
    boolean recompute = config.recomputesOld();
    int size = Math.ceilDiv(groups.size(), config.miniBatchesPerStep());
    List<List<TrainingGroup>> miniBatches = Lists.partition(groups, size);
    if (recompute) {
      miniBatches = recomputeAllButTheFirst(miniBatches);
    }
    List<MiniBatchUpdate.Result> results = new ArrayList<>();
    for (List<TrainingGroup> miniBatch : miniBatches) {
      // Only before the first update are the weights those of a published version.
      boolean first = results.isEmpty();
      MiniBatchUpdate.Result result =
          update.apply(
              miniBatch,
              first ? OptionalLong.of(step) : OptionalLong.empty(),
              first && recompute ? MiniBatchUpdate.Old.FOUND : MiniBatchUpdate.Old.GIVEN,
              optimizer.at(step));
      results.add(result);
      skipped.note(step + 1, results.size(), result.outcome());
      if (result.outcome() instanceof Outcome.Applied) {
        miniBatch.forEach(this::observe);
      }
    }
    List<TrainingGroup> learned =
        results.stream().flatMap(result -> result.groups().stream()).toList();
    LogProbabilityGap gap =
        recompute ? LogProbabilityGap.ofRecomputed(learned, step) : results.getFirst().gap();
    alarm.warning(gap).ifPresent(warning -> LOG.warnf("step %d: %s", step + 1, warning));
    return new Learned(results, gap, divergenceAfter(learned));
  }

  /** Under the weights of the step's start, which the first mini-batch's own pass has still. */
  private List<List<TrainingGroup>> recomputeAllButTheFirst(List<List<TrainingGroup>> miniBatches) {
    List<List<TrainingGroup>> ready = new ArrayList<>(miniBatches.subList(0, 1));
    miniBatches.stream().skip(1).map(update::recomputeOld).forEach(ready::add);
    return ready;
  }

  /** Over groups that are spread evenly over the step, so that every mini-batch has some. */
  private double divergenceAfter(List<TrainingGroup> learned) {
    int count = Math.min(config.klPrompts(), learned.size());
    return count == 0
        ? Double.NaN
        : update.divergence(
            IntStream.range(0, count)
                .mapToObj(i -> learned.get((int) ((long) i * learned.size() / count)))
                .toList());
  }

  private void observe(TrainingGroup group) {
    for (TrainingGroup.Sample sample : group.samples()) {
      objective.observe(group.prompt(), sample.correct(), sample.tokens().length);
    }
  }
}
