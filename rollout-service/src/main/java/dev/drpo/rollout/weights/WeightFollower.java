package dev.drpo.rollout.weights;

import dev.drpo.proto.records.v1.WeightRecord;
import dev.drpo.rollout.engine.GenerationEngine;
import dev.drpo.rollout.engine.PolicyVersion;
import dev.drpo.rollout.engine.WeightUpdateOutcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/**
 * Keeps an engine on the newest weights of a run. The newest record of the log wins, whatever its
 * step: a learner that resumed from a checkpoint announces steps that were there before.
 */
public final class WeightFollower implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(WeightFollower.class);
  private static final Duration POLL = Duration.ofMillis(500);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

  private final GenerationEngine engine;
  private final WeightLog.Opener opener;
  private final String defaultAddress;
  private final InstantSource clock;
  private final Consumer<Duration> applied;
  private final WeightProgress progress;
  private final TakenBackSteps takenBack = new TakenBackSteps();
  private final Path folder;
  private final Thread thread;
  private volatile boolean closing;

  // Only the follower's thread uses these.
  private PolicyVersion offered;
  private SnapshotDownload download;
  private Duration pause = FIRST_PAUSE;

  private WeightFollower(
      GenerationEngine engine,
      WeightLog.Opener opener,
      String defaultAddress,
      InstantSource clock,
      Consumer<Duration> applied) {
    this.engine = engine;
    this.opener = opener;
    this.defaultAddress = defaultAddress;
    this.clock = clock;
    this.applied = applied;
    this.offered = engine.status().version();
    this.progress = new WeightProgress(offered);
    this.folder = temporaryFolder();
    this.thread = Thread.ofPlatform().name("weight-follower").unstarted(this::run);
  }

  /**
   * Starts to follow.
   *
   * @param defaultAddress host:port of the learner where an announcement names none
   * @param applied hears the time from each announcement to its use, on the engine's thread
   */
  public static WeightFollower start(
      GenerationEngine engine,
      WeightLog.Opener log,
      String defaultAddress,
      InstantSource clock,
      Consumer<Duration> applied) {
    WeightFollower follower = new WeightFollower(engine, log, defaultAddress, clock, applied);
    follower.thread.start();
    return follower;
  }

  /** How the weights stand to the log. */
  public WeightState state() {
    return progress.state();
  }

  /**
   * Watches a step whose weights work asks for.
   *
   * @return completes if the learner, having announced the step before this call, resumes from an
   *     older one, with that one: the step's weights are then for a learner that is no more, and
   *     the resumed one asks for its work again. To be cancelled when nothing waits any more.
   */
  public CompletableFuture<Long> takenBack(long step) {
    return takenBack.watch(step);
  }

  @Override
  public void close() {
    closing = true;
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try (LearnerConnection learner = new LearnerConnection()) {
      while (!closing) {
        follow(learner);
      }
    } catch (InterruptedException e) {
      LOG.debug("the weight follower ends");
    }
    // Updates that the engine still holds are files of their own; it deletes them when it is done.
    discardDownload();
  }

  private void follow(LearnerConnection learner) throws InterruptedException {
    try (WeightLog log = opener.open()) {
      while (!closing) {
        log.poll(download == null ? POLL : pause).forEach(this::read);
        takenBack.tell(log);
        if (log.replayed()) {
          progress.replayed();
          catchUp(learner);
        }
      }
    } catch (RuntimeException e) {
      if (closing) {
        return;
      }
      failed("the weight log can't be read: " + e.getMessage(), e);
      Thread.sleep(pause);
    }
  }

  private void read(WeightRecord record) {
    if (!record.hasAnnouncement()) {
      takenBack.missedOne();
      LOG.warnf("the weight log has a record of a kind that this version does not know: skipped");
      return;
    }
    Announcement newest;
    try {
      newest = Announcement.of(record.getAnnouncement(), defaultAddress);
    } catch (IllegalArgumentException e) {
      takenBack.missedOne();
      LOG.warnf(
          "the weight log has a malformed announcement, which is skipped: %s", e.getMessage());
      return;
    }
    discardDownload();
    pause = FIRST_PAUSE;
    progress.announced(newest.version());
    takenBack.announced(newest.version().step());
    download = newest.version().equals(offered) ? null : new SnapshotDownload(newest, folder);
  }

  private void catchUp(LearnerConnection learner) {
    if (download == null) {
      return;
    }
    Announcement announcement = download.announcement();
    try {
      Path file = download.attempt(learner.to(announcement.learnerAddress()));
      progress.works();
      download = null;
      pause = FIRST_PAUSE;
      offer(announcement, file);
    } catch (SnapshotException e) {
      if (!closing) {
        failed(e.getMessage(), null);
      }
    }
  }

  private void offer(Announcement announcement, Path file) {
    offered = announcement.version();
    var _ =
        engine
            .offer(announcement.version(), file)
            .outcome()
            .whenComplete(
                (outcome, failure) -> {
                  delete(file);
                  if (failure != null) {
                    refused(announcement, failure);
                  } else if (outcome == WeightUpdateOutcome.APPLIED) {
                    applied(announcement);
                  }
                });
  }

  private void refused(Announcement announcement, Throwable failure) {
    String reason = "weights " + announcement.version() + " were refused: " + failure.getMessage();
    progress.failed(reason);
    LOG.error(reason);
  }

  private void applied(Announcement announcement) {
    Duration delay = Duration.between(announcement.publishedAt(), clock.instant());
    // Two machines' clocks may differ by more than the update takes.
    Duration sinceAnnounced = delay.isNegative() ? Duration.ZERO : delay;
    applied.accept(sinceAnnounced);
    progress.applied(announcement.version());
    LOG.infof(
        "weights %s are in use, %d ms after their announcement",
        announcement.version(), sinceAnnounced.toMillis());
  }

  private void failed(String reason, Exception cause) {
    progress.failed(reason);
    LOG.warnf(cause, "%s; trying again in %d ms", reason, pause.toMillis());
    Duration doubled = pause.multipliedBy(2);
    pause = doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
  }

  private void discardDownload() {
    if (download != null) {
      delete(download.file());
      download = null;
    }
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      LOG.warnf("%s is of no use any more but can't be deleted: %s", file, e);
    }
  }

  private static Path temporaryFolder() {
    try {
      Path folder = Files.createTempDirectory("drpo-weights-");
      folder.toFile().deleteOnExit();
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(
          "no temporary folder can be made for weight snapshots; set java.io.tmpdir to a writable"
              + " folder",
          e);
    }
  }
}
