package dev.drpo.learner.service;

import dev.drpo.learner.run.RunStatus;
import dev.drpo.proto.learner.v1.EvaluationSummary;
import dev.drpo.proto.learner.v1.GetStatusResponse;
import dev.drpo.proto.learner.v1.RunState;
import dev.drpo.reports.Glossary;
import dev.drpo.reports.RunCounts;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/** The run's numbers for Prometheus, read from its status. */
@Singleton
class LearnerMeters {
  private static final Set<String> HISTOGRAMS =
      Set.of("solveRates", "lengthsCorrect", "lengthsWrong");

  private final MeterRegistry registry;
  private final RunStatus status;

  LearnerMeters(MeterRegistry registry, RunStatus status) {
    this.registry = registry;
    this.status = status;
  }

  void register(@Observes StartupEvent event) {
    gauge("drpo.learner.step", "Training steps done", GetStatusResponse::getStepsDone);
    gauge(
        "drpo.learner.accuracy",
        "Share of right responses in the last step",
        s -> s.getLastStep().getAccuracy());
    gauge(
        "drpo.learner.response.length",
        "Mean response length of the last step, tokens",
        s -> s.getLastStep().getMeanLength());
    gauge(
        "drpo.learner.kl",
        "KL(old || current) of the last step, before each mini-batch's update",
        s -> s.getLastStep().getKl());
    gauge(
        "drpo.learner.kl.after",
        "KL(old || new) of the last step, after its last update",
        s -> s.getLastStep().getKlAfter());
    gauge(
        "drpo.learner.gradient.norm",
        "Gradient norm of the last step before clipping",
        s -> s.getLastStep().getGradientNorm());
    gauge(
        "drpo.learner.step.seconds",
        "Duration of the last step",
        s -> s.getLastStep().getStepSeconds());
    gauge(
        "drpo.learner.evaluation.step",
        "Training steps of the policy that was evaluated last",
        s -> last(s).getStep());
    gauge(
        "drpo.learner.evaluation.accuracy",
        "Share of right responses in the last evaluation",
        s -> last(s).getAccuracy());
    gauge(
        "drpo.learner.evaluation.response.length",
        "Mean response length of the last evaluation, tokens",
        s -> last(s).getMeanLength());
    gauge(
        "drpo.learner.running",
        "1 until the run is complete or has failed, then 0",
        s ->
            s.getState() == RunState.RUN_STATE_COMPLETED
                    || s.getState() == RunState.RUN_STATE_FAILED
                ? 0
                : 1);
    counter(
        "drpo.learner.work",
        "Pieces of work done, of whatever kind: it stands still where nothing goes on",
        GetStatusResponse::getWorkDone);
    registerNumbers();
    registerCounts();
    registerPublications();
  }

  /** Every number of the last step, by the name that other trackers have for it. */
  private void registerNumbers() {
    for (Glossary.Entry entry : Glossary.of(Glossary.Section.STEP)) {
      if (!entry.tag().isEmpty() && !HISTOGRAMS.contains(entry.name())) {
        Gauge.builder(
                "drpo.learner." + entry.tag().replace('/', '.'),
                status,
                s -> s.numbers().getOrDefault(entry.tag(), Double.NaN))
            .description("Of the last step: " + entry.definition())
            .register(registry);
      }
    }
  }

  private static EvaluationSummary last(GetStatusResponse status) {
    int count = status.getEvaluationsCount();
    return count == 0 ? EvaluationSummary.getDefaultInstance() : status.getEvaluations(count - 1);
  }

  private void registerCounts() {
    count("drpo.learner.groups.dispatched", "Prompt tasks published", RunCounts.Groups::dispatched);
    count("drpo.learner.groups.scored", "Groups scored", RunCounts.Groups::scored);
    count("drpo.learner.groups.trained", "Groups learned from", RunCounts.Groups::trained);
    count(
        "drpo.learner.groups.refilled",
        "Groups without signal whose place another took",
        RunCounts.Groups::refilled);
    count(
        "drpo.learner.groups.duplicates",
        "Groups that arrived again and were dropped",
        RunCounts.Groups::duplicates);
    count(
        "drpo.learner.groups.resent",
        "Lost prompt tasks that were published again",
        RunCounts.Groups::resent);
    count("drpo.learner.dead.letters", "Dead letters", RunCounts.Groups::deadLetters);
    FunctionCounter.builder("drpo.learner.tokens.learned", status, s -> s.counts().tokensLearned())
        .description("Response tokens learned from")
        .register(registry);
  }

  private void registerPublications() {
    counter(
        "drpo.learner.weights.versions",
        "Versions of the weights published",
        s -> s.getPublications().getVersions());
    counter(
        "drpo.learner.weights.patched",
        "Versions that were published with a patch",
        s -> s.getPublications().getPatched());
    counter(
        "drpo.learner.weights.patch.bytes",
        "Bytes of patches in the weight log",
        s -> s.getPublications().getPatchBytes());
    counter(
        "drpo.learner.weights.full.bytes",
        "Bytes of the full weights of all published versions",
        s -> s.getPublications().getSnapshotBytes());
    counter(
        "drpo.learner.weights.encoding.seconds",
        "Time to find and pack what changed between versions",
        s -> s.getPublications().getEncodingSeconds());
    counter(
        "drpo.learner.weights.publication.seconds",
        "Time until the broker had the records of published versions",
        s -> s.getPublications().getPublicationSeconds());
  }

  private void gauge(String name, String description, ToDoubleFunction<GetStatusResponse> value) {
    Gauge.builder(name, status, s -> value.applyAsDouble(s.snapshot()))
        .description(description)
        .register(registry);
  }

  private void count(String name, String description, ToDoubleFunction<RunCounts.Groups> value) {
    FunctionCounter.builder(name, status, s -> value.applyAsDouble(s.counts().groups()))
        .description(description)
        .register(registry);
  }

  private void counter(String name, String description, ToDoubleFunction<GetStatusResponse> value) {
    FunctionCounter.builder(name, status, s -> value.applyAsDouble(s.snapshot()))
        .description(description)
        .register(registry);
  }
}
