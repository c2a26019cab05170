package dev.drpo.rollout.weights;

import dev.drpo.generation.SamplingEngine;
import dev.drpo.generation.WeightUpdate;
import dev.drpo.generation.WeightUpdateOutcome;
import dev.drpo.policy.patch.PatchAssembly;
import dev.drpo.policy.patch.PatchFile;
import dev.drpo.policy.records.PolicyRecords;
import dev.drpo.proto.records.v1.WeightRecord;
import dev.drpo.runtime.config.TlsConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jboss.logging.Logger;

/**
 * Keeps an engine on the newest weights of a run. The newest announcement of the log wins, whatever
 * its step: a learner that resumed from a checkpoint announces steps that were there before. Where
 * the log has the patch that leads from the weights at hand to the announced ones, it is applied
 * beside generation; otherwise, and whenever a patch turns out to be of no use, the snapshot is
 * fetched.
 */
public final class WeightFollower implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(WeightFollower.class);
  private static final Duration POLL = Duration.ofMillis(500);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
  private static final Duration MAX_PAUSE = Duration.ofSeconds(5);

  private final SamplingEngine engine;
  private final WeightLog.Opener opener;
  private final String defaultAddress;
  private final TlsConfig tls;
  private final InstantSource clock;
  private final WeightListener listener;
  private final WeightProgress progress;
  private final TakenBackSteps takenBack = new TakenBackSteps();
  private final Thread thread;
  private volatile boolean closing;

  // Only the follower's thread uses these.
  private final PatchAssembly chunks;
  private final WeightsAtHand atHand;
  private final WeightPath path;
  private boolean isUnoffered;
  private Duration pause = FIRST_PAUSE;

  private WeightFollower(
      SamplingEngine engine,
      Path starting,
      WeightLog.Opener opener,
      String defaultAddress,
      TlsConfig tls,
      InstantSource clock,
      WeightListener listener) {
    this.engine = engine;
    this.opener = opener;
    this.defaultAddress = defaultAddress;
    this.tls = tls;
    this.clock = clock;
    this.listener = listener;
    this.progress = new WeightProgress(engine.status().version());
    Path folder = temporaryFolder();
    this.chunks = new PatchAssembly(folder);
    this.atHand = new WeightsAtHand(folder, starting, engine.status().version());
    this.path = new WeightPath(folder, atHand);
    this.thread = Thread.ofPlatform().name("weight-follower").unstarted(this::run);
  }

  /**
   * Starts to follow.
   *
   * @param starting the weights that the engine started with: a file, or the index of several
   * @param defaultAddress host:port of the learner where an announcement names none
   * @param tls what the learner is shown and known by
   */
  public static WeightFollower start(
      SamplingEngine engine,
      Path starting,
      WeightLog.Opener log,
      String defaultAddress,
      TlsConfig tls,
      InstantSource clock,
      WeightListener listener) {
    WeightFollower follower =
        new WeightFollower(engine, starting, log, defaultAddress, tls, clock, listener);
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
    try (LearnerConnection learner = new LearnerConnection(tls);
        chunks;
        atHand;
        path) {
      while (!closing) {
        follow(learner);
      }
    } catch (InterruptedException e) {
      LOG.debug("the weight follower ends");
    } catch (IOException e) {
      LOG.warnf("files of weights are left behind: %s", e);
    }
  }

  private void follow(LearnerConnection learner) throws InterruptedException {
    try (WeightLog log = opener.open()) {
      takenBack.reopened();
      while (!closing) {
        log.poll(patience()).forEach(this::read);
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

  /** How long to wait for news. What was announced during a transfer is there already. */
  private Duration patience() {
    if (path.download().isPresent()) {
      return pause;
    }
    return isUnoffered ? Duration.ZERO : POLL;
  }

  private void read(WeightRecord record) {
    try {
      switch (record.getUpdateCase()) {
        case PATCH_CHUNK -> chunks.add(PolicyRecords.chunk(record.getPatchChunk()));
        case ANNOUNCEMENT -> announced(Announcement.of(record.getAnnouncement(), defaultAddress));
        case UPDATE_NOT_SET -> {
          takenBack.missedOne();
          listener.setBack();
          LOG.warn(
              "the weight log has a record of a kind that this version does not know: skipped");
        }
      }
    } catch (IllegalArgumentException e) {
      takenBack.missedOne();
      listener.setBack();
      LOG.warnf("the weight log has a malformed record, which is skipped: %s", e.getMessage());
    } catch (IOException e) {
      listener.setBack();
      LOG.warnf("a part of a patch can't be kept, so that the snapshot is fetched: %s", e);
    }
  }

  private void announced(Announcement newest) throws IOException {
    pause = FIRST_PAUSE;
    progress.announced(newest.version());
    takenBack.announced(newest.version().step());
    path.leadTo(newest, patchTo(newest));
  }

  private Optional<PatchFile> patchTo(Announcement newest) throws IOException {
    if (newest.patch().isEmpty()) {
      return Optional.empty();
    }
    AnnouncedPatch patch = newest.patch().get();
    return switch (chunks.take(patch.transition(), patch.chunks())) {
      case PatchAssembly.Found.Whole(PatchFile whole) -> Optional.of(whole);
      case PatchAssembly.Found.Useless(String reason) -> {
        listener.setBack();
        LOG.warnf("weights %s come by their snapshot: %s", newest.version(), reason);
        yield Optional.empty();
      }
    };
  }

  private void catchUp(LearnerConnection learner) {
    try {
      if (path.download().isPresent()) {
        fetch(path.download().get(), learner);
        // What was announced meanwhile is read before the engine is bothered.
        return;
      }
      if (path.hasPatches()) {
        patch();
      }
      if (isUnoffered) {
        isUnoffered = false;
        offer(path.newest());
      }
    } catch (SnapshotException e) {
      learner.failed();
      if (!closing) {
        failed(e.getMessage(), null);
      }
    }
  }

  private void fetch(SnapshotDownload download, LearnerConnection learner)
      throws SnapshotException {
    long before = download.received();
    long begin = System.nanoTime();
    Announcement announcement = download.announcement();
    if (!download.hasBegun()) {
      LOG.infof(
          "fetching the snapshot of weights %s, %d bytes, from %s",
          announcement.version(), announcement.bytes(), announcement.learnerAddress());
    }
    try {
      Path file = download.attempt(learner);
      listener.fetched(download.received() - before, Duration.ofNanos(System.nanoTime() - begin));
      atHand.adopt(file, announcement.version());
      path.arrived();
      worked();
    } catch (SnapshotGoneException e) {
      if (!path.leadsBeyond(download)) {
        throw e;
      }
      LOG.infof("%s; the newest weights are fetched instead", e.getMessage());
      path.fetchNewest();
    }
  }

  private void patch() throws SnapshotException {
    // What patches made useless is not offered.
    isUnoffered = false;
    long begin = System.nanoTime();
    long bytes = path.applyPatches();
    listener.patched(bytes, Duration.ofNanos(System.nanoTime() - begin));
    worked();
  }

  private void worked() {
    progress.works();
    pause = FIRST_PAUSE;
    isUnoffered = true;
  }

  private void offer(Announcement announcement) {
    WeightUpdate update = engine.offer(announcement.version(), atHand.file().path());
    // The file is read until the weights are loaded, or never will be.
    atHand.lend(CompletableFuture.anyOf(update.loaded(), update.outcome()));
    var _ =
        update
            .outcome()
            .whenComplete(
                (outcome, failure) -> {
                  if (failure != null) {
                    refused(announcement, failure);
                  } else if (outcome == WeightUpdateOutcome.APPLIED) {
                    applied(announcement);
                  }
                });
    var _ = update.firstToken().thenRun(() -> listener.firstToken(sinceAnnounced(announcement)));
  }

  private void refused(Announcement announcement, Throwable failure) {
    String reason = "weights " + announcement.version() + " were refused: " + failure.getMessage();
    progress.failed(reason);
    listener.setBack();
    LOG.error(reason);
  }

  private void applied(Announcement announcement) {
    Duration delay = sinceAnnounced(announcement);
    listener.inUse(delay);
    progress.applied(announcement.version());
    LOG.infof(
        "weights %s are in use, %d ms after their announcement",
        announcement.version(), delay.toMillis());
  }

  private Duration sinceAnnounced(Announcement announcement) {
    Duration delay = Duration.between(announcement.publishedAt(), clock.instant());
    // Two machines' clocks may differ by more than the update takes.
    return delay.isNegative() ? Duration.ZERO : delay;
  }

  private void failed(String reason, Exception cause) {
    progress.failed(reason);
    listener.setBack();
    // Without the pause, so that the log knows attempts that fail alike for the same line.
    LOG.warnf(cause, "%s; trying again", reason);
    Duration doubled = pause.multipliedBy(2);
    pause = doubled.compareTo(MAX_PAUSE) < 0 ? doubled : MAX_PAUSE;
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
