package dev.drpo.learner.run;

import dev.drpo.learner.checkpoint.CheckpointStore;
import dev.drpo.learner.data.ProblemFile;
import dev.drpo.learner.report.MetricsLog;
import dev.drpo.learner.step.MiniBatchUpdate;
import dev.drpo.learner.weights.Publication;
import dev.drpo.learner.weights.PublishedPolicy;
import dev.drpo.learner.weights.SnapshotStore;
import dev.drpo.objectives.Objective;
import dev.drpo.policy.trainer.PolicyTrainer;
import dev.drpo.runtime.config.RunConfig;
import java.util.Map;

/** What a {@link TrainingRun} is made of; {@link Learner} opens and closes it. */
record RunParts(
    RunConfig config,
    RunSettings settings,
    ProblemFile data,
    PolicyTrainer trainer,
    Objective objective,
    MiniBatchUpdate update,
    StepGroups steps,
    Evaluator evaluator,
    GroupInbox inbox,
    SnapshotStore policies,
    Publication weights,
    CheckpointStore checkpoints,
    MetricsLog metricsLog,
    RunCounters counters,
    RunStatus status,
    RunClock clock,
    Map<Long, String> digests,
    PublishedPolicy startingPolicy) {}
