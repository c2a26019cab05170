package dev.drpo.engines;

import dev.drpo.generation.WeightUpdate;
import dev.drpo.generation.WeightUpdateOutcome;
import dev.drpo.policy.checkpoint.PolicyVersion;
import dev.drpo.policy.engine.TensorEngine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/**
 * Keeps a server on the weights that it should have: loads the newest ones when their turn comes,
 * and those in use again when the server may have lost them. A thread of its own makes the calls,
 * which take long.
 */
final class WeightKeeper implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(WeightKeeper.class);

  private final EngineServer server;
  private final ExternalEngineSettings settings;
  private final Dispatch dispatch;
  private final DispatchCounters counters;
  private final VersionFolders folders;
  private final LoadProbe probe;
  private final Consumer<String> gaveUp;
  private final Semaphore news = new Semaphore(0);
  private final AtomicReference<WeightUpdate> offered = new AtomicReference<>();
  private final Thread thread;
  private volatile boolean closing;
  private volatile String obstacle;
  private volatile String suspicion;
  private volatile PolicyVersion inUse;

  // Only the keeper's thread uses these.
  private Target accepted;
  private Target current;
  private Target next;
  private boolean connected;
  private long workedNanos = System.nanoTime();

  /**
   * Weights in a folder.
   *
   * @param update to tell of them; null for the starting policy
   */
  private record Target(PolicyVersion version, Path folder, WeightUpdate update) {
    String label() {
      return version.step() + "-" + version.digest().abbreviated();
    }

    Target at(Path other) {
      return new Target(version, other, update);
    }
  }

  /**
   * Keeps nothing before it is started.
   *
   * @param gaveUp hears why, once the server has not worked for as long as there is patience
   */
  WeightKeeper(
      EngineServer server,
      ExternalEngineSettings settings,
      Dispatch dispatch,
      DispatchCounters counters,
      VersionFolders folders,
      Consumer<String> gaveUp) {
    this.server = server;
    this.settings = settings;
    this.dispatch = dispatch;
    this.counters = counters;
    this.folders = folders;
    this.probe = new LoadProbe(settings);
    this.gaveUp = gaveUp;
    this.inUse = settings.version();
    this.obstacle = server.name() + " has not been reached yet";
    this.thread = Thread.ofPlatform().name("engine-weights").unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  /** Weights that every later token is sampled with, or with newer ones. */
  PolicyVersion inUse() {
    return inUse;
  }

  /** Why nothing is sampled just now. */
  Optional<String> obstacle() {
    return Optional.ofNullable(obstacle);
  }

  /** Takes newer weights, whose turn comes before that of older ones that wait. */
  void offer(WeightUpdate update) {
    supersede(offered.getAndSet(update));
    changed();
    if (closing) {
      supersede(offered.getAndSet(null));
    }
  }

  /** Something has happened that may let it go on. */
  void changed() {
    news.release();
  }

  /** The server may have lost its weights. */
  void suspect(String reason) {
    suspicion = reason;
    changed();
  }

  private static void supersede(WeightUpdate older) {
    if (older != null) {
      older.outcome().complete(WeightUpdateOutcome.SUPERSEDED);
    }
  }

  private void run() {
    TensorEngine.prepareThread();
    try {
      while (!closing) {
        prepareOffered();
        if (keep()) {
          awaitNews(settings.deadlines().poll());
        } else {
          awaitNews(settings.deadlines().pause());
        }
      }
    } catch (InterruptedException e) {
      LOG.debug("the keeper of the engine's weights ends");
    } catch (RuntimeException e) {
      LOG.error("the keeper of the engine's weights died", e);
      gaveUp.accept(e.toString());
    }
  }

  private void awaitNews(Duration time) throws InterruptedException {
    if (news.tryAcquire(time.toMillis(), TimeUnit.MILLISECONDS)) {
      news.drainPermits();
    }
  }

  /** Writes what was offered beside generation; the offered file is not needed from then on. */
  private void prepareOffered() {
    WeightUpdate update = offered.getAndSet(null);
    if (update == null) {
      return;
    }
    try {
      Path folder = folders.write(update.version(), update.file());
      if (next != null) {
        supersede(next.update());
        folders.delete(next.folder());
      }
      next = new Target(update.version(), folder, update);
      // Whoever hears that they are loaded sees no group begin on those before.
      holdGroups();
      update.loaded().complete(null);
    } catch (IOException e) {
      // The follower tells it, and offers the next version.
      update
          .outcome()
          .completeExceptionally(
              new UncheckedIOException(
                  "no folder of %s can be written for the engine: %s; see rollout.engine-folder"
                      .formatted(update.version(), e),
                  e));
    } catch (RuntimeException e) {
      update.outcome().completeExceptionally(e);
    }
  }

  /** One look at the server; false if it does not work. */
  private boolean keep() throws InterruptedException {
    try {
      if (!connected) {
        connect();
      } else if (suspicion != null) {
        examine();
      } else {
        requireWeights();
      }
      swapIfDue();
      workedNanos = System.nanoTime();
      counters.alive();
      obstacle = null;
      return true;
    } catch (EngineTroubleException | IOException e) {
      away(e.getMessage());
      return false;
    }
  }

  private void away(String reason) {
    connected = false;
    dispatch.run(dispatch::shut);
    if (!reason.equals(obstacle)) {
      LOG.warnf("nothing is sampled just now: %s; trying again", reason);
    }
    obstacle = reason;
    Duration without = Duration.ofNanos(System.nanoTime() - workedNanos);
    if (without.compareTo(settings.deadlines().patience()) > 0) {
      closing = true;
      gaveUp.accept(
          "%s has not worked for %d s: %s".formatted(server.name(), without.toSeconds(), reason));
    }
  }

  private void connect() throws EngineTroubleException, IOException, InterruptedException {
    server.examine();
    if (current == null) {
      Path folder = folders.write(settings.version(), settings.policy().weightsFile());
      current = new Target(settings.version(), folder, null);
    } else if (next != null && accepted != current) {
      // What could not be loaded need not be any more.
      supersede(current.update());
      folders.delete(current.folder());
      current = next;
      next = null;
    } else {
      rename();
    }
    bring(EngineServer.Running.IS_CUT);
  }

  /** Gives it another name, or a server might take what it remembers of this one. */
  private void rename() throws IOException {
    Target before = current;
    current = before.at(folders.rename(before.folder(), before.version()));
    probe.renamed(before.folder(), current.folder());
    if (accepted == before) {
      accepted = current;
    }
  }

  /** A connection that broke may be no more than that. */
  private void examine() throws EngineTroubleException, IOException, InterruptedException {
    String reason = suspicion;
    suspicion = null;
    LOG.warnf("looking whether %s still has its weights: %s", server.name(), reason);
    if (server.weights().filter(current.label()::equals).isPresent()) {
      dispatch.run(dispatch::resume);
    } else {
      connect();
    }
  }

  private void requireWeights() throws EngineTroubleException, IOException, InterruptedException {
    Optional<String> label = server.weights();
    if (label.isPresent() && !label.get().equals(current.label())) {
      LOG.warnf(
          "%s has weights %s instead of %s; it is given them again",
          server.name(), label.get(), current.label());
      connect();
    }
  }

  private void swapIfDue() throws EngineTroubleException, InterruptedException {
    if (next == null || suspicion != null) {
      return;
    }
    holdGroups();
    int live = dispatch.ask(dispatch::live);
    if (!settings.weightUpdates().swapsAt(live)) {
      return;
    }
    current = next;
    next = null;
    bring(live == 0 ? EngineServer.Running.FINISHES : EngineServer.Running.IS_CUT);
  }

  private void holdGroups() {
    if (!settings.weightUpdates().startsGroupsWhileWaiting()) {
      dispatch.run(dispatch::admitNone);
    }
  }

  /** Pauses the server, has it load weights, looks whether it did, and sends what waits. */
  private void bring(EngineServer.Running running)
      throws EngineTroubleException, InterruptedException {
    Target target = current;
    dispatch.run(dispatch::shut);
    connected = false;
    boolean loaded = false;
    try {
      server.pause(running);
      awaitAnswers();
      server.load(target.folder(), target.label());
      loaded = true;
    } finally {
      resume(loaded);
    }
    probe.require(server, target.folder(), target.label());
    accept(target);
    connected = true;
    // Nothing is under way that could have raised another since.
    suspicion = null;
    obstacle = null;
    inUse = target.version();
    WeightUpdate update = target.update();
    Runnable first = update == null ? () -> {} : () -> update.firstToken().complete(null);
    dispatch.run(() -> dispatch.open(target.version(), target.label(), first));
    if (update != null) {
      update.outcome().complete(WeightUpdateOutcome.APPLIED);
    }
    LOG.infof("%s samples with weights %s", server.name(), target.version());
  }

  /** A server that is left paused would never sample again, whatever came of the load. */
  private void resume(boolean loaded) throws EngineTroubleException, InterruptedException {
    boolean interrupted = Thread.interrupted();
    try {
      server.resume();
    } catch (EngineTroubleException e) {
      if (loaded) {
        throw e;
      }
      LOG.warnf("after a load that failed: %s", e.getMessage());
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** The folder before is kept until then, for the probe compares with it. */
  private void accept(Target target) {
    if (accepted != null && !accepted.folder().equals(target.folder())) {
      folders.delete(accepted.folder());
    }
    accepted = target;
  }

  /** What was cut comes back at once; what does not is sampled again. */
  private void awaitAnswers() throws InterruptedException {
    long deadline = System.nanoTime() + settings.deadlines().administration().toNanos();
    while (dispatch.ask(dispatch::underWay) > 0) {
      long left = deadline - System.nanoTime();
      if (left <= 0) {
        LOG.warnf("%s does not answer requests that it was told to cut", server.name());
        dispatch.run(dispatch::drop);
        return;
      }
      awaitNews(Duration.ofNanos(Math.min(left, settings.deadlines().poll().toNanos())));
    }
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
    folders.close();
    supersede(offered.getAndSet(null));
    if (next != null) {
      supersede(next.update());
    }
    if (current != null) {
      supersede(current.update());
    }
  }
}
