package dev.drpo.cli.chaos;

import dev.drpo.cli.process.ProcessFailure;
import dev.drpo.cli.run.LearnerStatus;
import dev.drpo.cli.run.RunClaim;
import dev.drpo.cli.run.RunPlan;
import dev.drpo.proto.learner.v1.GetStatusResponse;
import dev.drpo.proto.learner.v1.RunState;
import dev.drpo.proto.records.v1.WeightRecord;
import dev.drpo.runtime.messaging.Messaging;
import dev.drpo.runtime.messaging.MessagingException;
import dev.drpo.runtime.messaging.TopicProvisioner;
import dev.drpo.runtime.messaging.TopicView;
import dev.drpo.runtime.messaging.Topics;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * One run through a storm, or through none, from its first process to its last.
 *
 * @param root the repository, where the services are built
 * @param clock sets the processes' clocks, where it can be had
 * @param notices is told what a person should know
 */
record ChaosRun(Path root, RunPlan plan, Optional<FakeClock> clock, Consumer<String> notices) {
  private static final Duration PROVISION_PATIENCE = Duration.ofMinutes(2);
  private static final Duration LOOK = Duration.ofMillis(20);
  private static final Duration ASK_EVERY = Duration.ofMillis(500);

  /** Without any movement, in which time everything is started and every lease expires. */
  private static final Duration STANDSTILL = Duration.ofMinutes(10);

  /**
   * What came of a run.
   *
   * @param evidence from its topics
   * @param failure why it did not end as runs do; empty if it did
   * @param wall from the first process to the end of the run
   * @param restarts processes started beyond the first of each
   * @param selfEnded processes that ended though nobody had asked them to
   * @param damaged versions whose patch was damaged in the log
   * @param losses how often the broker lost its data, and with it the evidence of the topics
   * @param missed strikes for which the run was over too soon
   */
  record Outcome(
      Evidence evidence,
      Optional<String> failure,
      Duration wall,
      int strikes,
      int kills,
      int killed,
      int restarts,
      int selfEnded,
      List<Evidence.Version> damaged,
      int losses,
      List<Strike> missed) {}

  /**
   * Runs to the end.
   *
   * @throws ProcessFailure if the broker can't be started
   */
  Outcome through(StormPlan storm) throws IOException, InterruptedException, ProcessFailure {
    long start = System.nanoTime();
    try (RunClaim _ = RunClaim.of(plan);
        Crew crew = Crew.start(root, plan, clock, notices)) {
      Messaging messaging = messaging(crew.brokerAddress());
      new TopicProvisioner(messaging).provision(PROVISION_PATIENCE);
      try (Witness witness = Witness.of(messaging);
          WeightTamper tamper = new WeightTamper(messaging, witness, crew);
          LearnerStatus learner = new LearnerStatus(crew.learnerPort(), plan.config().tls())) {
        Storm strikes =
            new Storm(storm, plan.config().training().promptsPerStep(), crew, tamper, notices);
        Optional<String> failure = follow(crew, witness, strikes, learner);
        Duration wall = Duration.ofNanos(System.nanoTime() - start);
        if (failure.isEmpty()) {
          awaitNotice(crew, strikes.damaged());
          if (strikes.losses() > 0) {
            failure = awaitWeights(crew, messaging);
          } else {
            witness.lookToTheEnd();
          }
        }
        return new Outcome(
            witness.evidence(),
            failure,
            wall,
            strikes.strikes(),
            strikes.kills(),
            strikes.killed(),
            crew.restarts(),
            crew.failures(),
            strikes.damaged(),
            strikes.losses(),
            strikes.ahead());
      }
    }
  }

  /** Follows the run to its end; gives why it did not come to one. */
  private Optional<String> follow(Crew crew, Witness witness, Storm storm, LearnerStatus learner)
      throws IOException, InterruptedException {
    Movement movement = new Movement();
    long askAt = System.nanoTime();
    try {
      while (true) {
        witness.look(LOOK);
        storm.advance(witness.evidence().trainingScored());
        crew.tend();
        if (System.nanoTime() - askAt < 0 && !storm.awaitsMoment()) {
          continue;
        }
        askAt = System.nanoTime() + ASK_EVERY.toNanos();
        Optional<GetStatusResponse> status = learner.poll();
        status.ifPresent(storm::heard);
        storm.advance(witness.evidence().trainingScored());
        if (status.isPresent() && status.get().getState() == RunState.RUN_STATE_COMPLETED) {
          return Optional.empty();
        }
        movement.observe(witness.evidence().records(), storm.strikes(), status);
        if (movement.stoodStillFor().compareTo(STANDSTILL) > 0) {
          return Optional.of(
              "nothing has moved for %d s: %d training groups are scored, and the learner %s; its log is %s"
                  .formatted(
                      STANDSTILL.toSeconds(),
                      witness.evidence().trainingScored(),
                      status
                          .map(now -> "has done %d steps".formatted(now.getStepsDone()))
                          .orElse("does not answer"),
                      plan.folder().log(Crew.LEARNER)));
        }
      }
    } catch (ProcessFailure e) {
      return Optional.of(e.getMessage());
    }
  }

  /**
   * Lets replicas that are still starting read what was damaged. The run can end without them,
   * where all that was left to do was to score and to learn. What none of them notices is found by
   * the audit.
   */
  private void awaitNotice(Crew crew, List<Evidence.Version> damaged)
      throws IOException, InterruptedException, ProcessFailure {
    long since = System.nanoTime();
    while (!RunFiles.unnoticed(plan.folder().path(), damaged).isEmpty()
        && System.nanoTime() - since < STANDSTILL.toNanos()) {
      crew.tend();
      Thread.sleep(ASK_EVERY);
    }
  }

  /**
   * Waits for the trained weights to be announced, which tells replicas that start of them; gives
   * why they are not.
   */
  private Optional<String> awaitWeights(Crew crew, Messaging messaging)
      throws InterruptedException, ProcessFailure {
    notices.accept("waiting for the trained weights to be announced again");
    // The topic is missing until the learner has made it again.
    String missing = "their topic is there without them";
    long since = System.nanoTime();
    long steps = plan.config().training().steps();
    while (System.nanoTime() - since < STANDSTILL.toNanos()) {
      crew.tend();
      try (TopicView<WeightRecord> log =
          TopicView.open(
              messaging, messaging.topics().weights(), WeightRecord.parser(), PROVISION_PATIENCE)) {
        if (log.readToEnd().stream()
            .flatMap(entry -> entry.value().stream())
            .anyMatch(record -> record.getAnnouncement().getVersion().getStep() == steps)) {
          return Optional.empty();
        }
      } catch (MessagingException e) {
        missing = e.getMessage();
      }
      Thread.sleep(ASK_EVERY);
    }
    return Optional.of(
        "the trained weights are not announced %d s after the end: %s; the learner's log is %s"
            .formatted(STANDSTILL.toSeconds(), missing, plan.folder().log(Crew.LEARNER)));
  }

  /** Since when nothing has moved. */
  private static final class Movement {
    private List<Long> position = List.of();
    private long movedAt = System.nanoTime();

    void observe(long records, long strikes, Optional<GetStatusResponse> status) {
      List<Long> now =
          List.of(
              records,
              strikes,
              status.map(GetStatusResponse::getStepsDone).orElse(-1L),
              status.map(GetStatusResponse::getWorkDone).orElse(-1L));
      if (!now.equals(position)) {
        position = now;
        movedAt = System.nanoTime();
      }
    }

    Duration stoodStillFor() {
      return Duration.ofNanos(System.nanoTime() - movedAt);
    }
  }

  private Messaging messaging(String broker) {
    String run = plan.config().run().id();
    return new Messaging(
        run, "chaos", plan.config().kafka().at(broker), Topics.of(run), InstantSource.system());
  }
}
