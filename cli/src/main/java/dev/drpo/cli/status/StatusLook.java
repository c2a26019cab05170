package dev.drpo.cli.status;

import dev.drpo.cli.run.LearnerStatus;
import dev.drpo.cli.run.RunFolder;
import dev.drpo.cli.topics.RunSource;
import dev.drpo.proto.learner.v1.GetStatusResponse;
import dev.drpo.proto.records.v1.DeadLetter;
import dev.drpo.proto.records.v1.RolloutGroup;
import dev.drpo.proto.records.v1.ScoredGroup;
import dev.drpo.proto.records.v1.WeightRecord;
import dev.drpo.runtime.config.TlsConfig;
import dev.drpo.runtime.messaging.Backlog;
import dev.drpo.runtime.messaging.Messaging;
import dev.drpo.runtime.messaging.TopicView;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Looks where a run stands. */
final class StatusLook {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** Groups that replicas are judged by. */
  private static final int NEWEST_GROUPS = 128;

  private static final int NEWEST_ERRORS = 5;

  private StatusLook() {}

  /** Looks at everything that can be reached. */
  static Standing at(RunSource source) throws InterruptedException, IOException {
    Optional<Messaging> running = source.running();
    List<String> errors = new ArrayList<>();
    if (source.folder().isPresent()) {
      errors.addAll(loggedErrors(source.folder().get()));
    }
    long steps = source.folder().isPresent() ? stepsDone(source.folder().get()) : 0;
    boolean complete =
        source
            .folder()
            .map(folder -> Files.exists(folder.path().resolve("report.json")))
            .orElse(false);
    if (running.isEmpty()) {
      return new Standing(
          source.config().orElseThrow().run().id(),
          Optional.empty(),
          Optional.empty(),
          steps,
          complete,
          List.of(),
          List.of(),
          errors);
    }
    Messaging messaging = running.get();
    Optional<GetStatusResponse> learner = learner(messaging, source.tls());
    learner
        .map(GetStatusResponse::getFailure)
        .filter(failure -> !failure.isEmpty())
        .ifPresent(failure -> errors.add("learner: " + failure));
    errors.addAll(letters(messaging));
    return new Standing(
        messaging.run(),
        Optional.of(messaging.kafka().bootstrapServers()),
        learner,
        learner.map(GetStatusResponse::getStepsDone).orElse(steps),
        complete,
        Backlog.of(messaging, PATIENCE),
        ReplicaState.of(newestGroups(messaging)),
        errors);
  }

  /** Asks the learner that announced the newest weights. */
  private static Optional<GetStatusResponse> learner(Messaging messaging, TlsConfig tls)
      throws InterruptedException {
    try (TopicView<WeightRecord> weights =
        TopicView.open(
            messaging, messaging.topics().weights(), WeightRecord.parser(), 1, PATIENCE)) {
      Optional<String> address =
          weights.readToEnd().stream()
              .flatMap(entry -> entry.value().stream())
              .filter(WeightRecord::hasAnnouncement)
              .map(record -> record.getAnnouncement().getLearnerAddress())
              .filter(given -> !given.isEmpty())
              .reduce((_, newer) -> newer);
      if (address.isEmpty()) {
        return Optional.empty();
      }
      try (LearnerStatus learner = new LearnerStatus(address.get(), tls)) {
        return learner.poll();
      }
    }
  }

  private static List<RolloutGroup> newestGroups(Messaging messaging) throws InterruptedException {
    try (TopicView<ScoredGroup> scored =
        TopicView.open(
            messaging,
            messaging.topics().scored(),
            ScoredGroup.parser(),
            NEWEST_GROUPS,
            PATIENCE)) {
      return scored.readToEnd().stream()
          .flatMap(entry -> entry.value().stream())
          .map(ScoredGroup::getGroup)
          .toList();
    }
  }

  private static List<String> letters(Messaging messaging) throws InterruptedException {
    try (TopicView<DeadLetter> letters =
        TopicView.open(
            messaging,
            messaging.topics().deadLetters(),
            DeadLetter.parser(),
            NEWEST_ERRORS,
            PATIENCE)) {
      return letters.readToEnd().stream()
          .flatMap(entry -> entry.value().stream())
          .map(letter -> "dead letter of %s: %s".formatted(letter.getService(), letter.getReason()))
          .toList();
    }
  }

  private static long stepsDone(RunFolder folder) throws IOException {
    Path metrics = folder.path().resolve("metrics.jsonl");
    if (!Files.exists(metrics)) {
      return 0;
    }
    try (Stream<String> lines = Files.lines(metrics)) {
      return lines.count();
    }
  }

  private static List<String> loggedErrors(RunFolder folder) throws IOException {
    List<String> errors = new ArrayList<>();
    if (!Files.isDirectory(folder.logs())) {
      return errors;
    }
    try (Stream<Path> logs = Files.list(folder.logs())) {
      for (Path log : logs.sorted().toList()) {
        new String(Files.readAllBytes(log), StandardCharsets.UTF_8)
            .lines()
            .filter(line -> line.contains(" ERROR "))
            .map(line -> log.getFileName() + ": " + line)
            .forEach(errors::add);
      }
    }
    return errors.subList(Math.max(0, errors.size() - NEWEST_ERRORS), errors.size());
  }
}
