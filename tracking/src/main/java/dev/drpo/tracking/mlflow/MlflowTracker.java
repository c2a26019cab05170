package dev.drpo.tracking.mlflow;

import dev.drpo.reports.MetricsLog;
import dev.drpo.reports.PolicyEvaluation;
import dev.drpo.reports.RunReport;
import dev.drpo.reports.StepMetrics;
import dev.drpo.tracking.Tracker;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jboss.logging.Logger;

/**
 * Tells an MLflow server of a run, on a thread of its own. A server that is away costs a warning
 * now and then: what it missed is read from {@code metrics.jsonl} once it is back, as are the steps
 * that the queue had no room for.
 *
 * <p>A value of MLflow's is never taken back. So steps that a resumed run takes once more, which
 * come to the same numbers, are not sent again.
 */
public final class MlflowTracker implements Tracker {
  private static final Logger LOG = Logger.getLogger(MlflowTracker.class);

  /** Steps that wait; with a file behind them, no more than a slow answer leaves time for. */
  private static final int QUEUE = 64;

  private static final Duration WARN_EVERY = Duration.ofMinutes(5);

  /**
   * What a run is called and described by.
   *
   * @param server its address, before {@code /api}
   * @param experiment name of the experiment
   * @param run name of the run
   * @param parameters the configuration by key
   * @param tags what identifies the run's inputs
   */
  public record Settings(
      URI server,
      String experiment,
      String run,
      Map<String, String> parameters,
      Map<String, String> tags) {
    public Settings {
      parameters = new LinkedHashMap<>(parameters);
      tags = new LinkedHashMap<>(tags);
    }
  }

  /**
   * How long to wait for a server.
   *
   * @param least before the second attempt; twice as long before each further one
   * @param most before any attempt
   * @param last for what is left when the run ends
   */
  record Patience(Duration least, Duration most, Duration last) {
    static final Patience USUAL =
        new Patience(Duration.ofSeconds(1), Duration.ofMinutes(1), Duration.ofSeconds(15));
  }

  private final Settings settings;
  private final MlflowServer server;
  private final Path metrics;
  private final InstantSource clock;
  private final Patience patience;
  private final Thread thread;

  // Guarded by this object's monitor, which the learner's thread never holds for long.
  private final List<StepMetrics> queue = new ArrayList<>();
  private final SortedMap<Long, PolicyEvaluation> evaluations = new TreeMap<>();
  private long newestStep;
  private Map<String, String> outcome = Map.of();
  private boolean ended;

  // The thread's own.
  private long warned = System.nanoTime() - WARN_EVERY.toNanos();

  private MlflowTracker(
      Settings settings,
      MlflowServer server,
      Path metrics,
      InstantSource clock,
      Patience patience) {
    this.settings = settings;
    this.server = server;
    this.metrics = metrics;
    this.clock = clock;
    this.patience = patience;
    this.thread = Thread.ofPlatform().name("mlflow").daemon().unstarted(this::run);
  }

  /**
   * Starts to tell.
   *
   * @param metrics the run's {@code metrics.jsonl}, of which every line is sent; the file that says
   *     which run of the server it is lies beside it
   * @param newestStep the last one in it
   * @param environment that holds the server's credentials, by MLflow's names
   */
  public static MlflowTracker start(
      Settings settings,
      Path metrics,
      long newestStep,
      Map<String, String> environment,
      InstantSource clock) {
    return start(settings, metrics, newestStep, environment, clock, Patience.USUAL);
  }

  static MlflowTracker start(
      Settings settings,
      Path metrics,
      long newestStep,
      Map<String, String> environment,
      InstantSource clock,
      Patience patience) {
    MlflowTracker tracker =
        new MlflowTracker(
            settings, new MlflowServer(settings.server(), environment), metrics, clock, patience);
    tracker.newestStep = newestStep;
    tracker.thread.start();
    return tracker;
  }

  @Override
  public synchronized void step(StepMetrics step) {
    newestStep = step.step();
    if (queue.size() < QUEUE) {
      queue.add(step);
    }
    notifyAll();
  }

  @Override
  public synchronized void evaluation(PolicyEvaluation evaluation) {
    evaluations.put(evaluation.step(), evaluation);
    notifyAll();
  }

  @Override
  public synchronized void completed(RunReport report) {
    outcome =
        Map.of(
            "drpo.policy_digest", report.policyDigest(),
            "drpo.starting_policy_digest", report.repeatability().startingPolicyDigest(),
            "drpo.configuration_digest", report.repeatability().configurationDigest());
  }

  /** Waits a little for what is left to be sent. */
  @Override
  public void close() {
    synchronized (this) {
      ended = true;
      notifyAll();
    }
    try {
      thread.join(patience.last());
      if (thread.isAlive()) {
        LOG.warnf(
            "the run ends before MLflow at %s has all of it; metrics.jsonl has", settings.server());
        thread.interrupt();
      }
    } catch (InterruptedException e) {
      thread.interrupt();
      Thread.currentThread().interrupt();
    }
    server.close();
  }

  private void run() {
    Duration pause = patience.least();
    RemoteRun remote = null;
    while (true) {
      try {
        if (remote == null) {
          remote = RemoteRun.open(server, settings, metrics.resolveSibling("mlflow.json"), clock);
        }
        while (await(remote)) {
          send(remote);
          pause = patience.least();
        }
        finish(remote);
        return;
      } catch (InterruptedException e) {
        LOG.debug("interrupted to end");
        return;
      } catch (IOException e) {
        warn(e);
        try {
          Thread.sleep(pause);
        } catch (InterruptedException interrupted) {
          LOG.debug("interrupted to end", interrupted);
          return;
        }
        Duration twice = pause.multipliedBy(2);
        pause = twice.compareTo(patience.most()) < 0 ? twice : patience.most();
      }
    }
  }

  /** Waits for something to send; false once the run has ended and all is sent. */
  private synchronized boolean await(RemoteRun remote) throws InterruptedException {
    while (!isBehind(remote) && !ended) {
      wait();
    }
    return isBehind(remote);
  }

  private boolean isBehind(RemoteRun remote) {
    return newestStep > remote.lastStep()
        || (!evaluations.isEmpty() && evaluations.lastKey() > remote.lastEvaluation());
  }

  private void send(RemoteRun remote) throws IOException, InterruptedException {
    List<StepMetrics> steps;
    List<PolicyEvaluation> found;
    boolean behind;
    synchronized (this) {
      steps = new ArrayList<>(queue);
      queue.clear();
      behind = newestStep > remote.lastStep();
      found = List.copyOf(evaluations.tailMap(remote.lastEvaluation() + 1).values());
    }
    if (behind) {
      steps.removeIf(step -> step.step() <= remote.lastStep());
      boolean whole = !steps.isEmpty() && steps.getFirst().step() == remote.lastStep() + 1;
      long newest = steps.isEmpty() ? 0 : steps.getLast().step();
      remote.steps(whole && isGapless(steps) ? steps : MetricsLog.read(metrics));
      if (remote.lastStep() < newest) {
        throw new IOException(metrics + " ends before step " + newest);
      }
    }
    for (PolicyEvaluation one : found) {
      remote.evaluation(one);
    }
  }

  private static boolean isGapless(List<StepMetrics> steps) {
    return steps.getLast().step() - steps.getFirst().step() == steps.size() - 1;
  }

  private void finish(RemoteRun remote) throws IOException, InterruptedException {
    Map<String, String> digests;
    synchronized (this) {
      digests = outcome;
    }
    remote.tags(digests);
    // A run that has not come to its end may be resumed.
    remote.status(digests.isEmpty() ? "KILLED" : "FINISHED", true);
  }

  private void warn(IOException reason) {
    long now = System.nanoTime();
    if (now - warned >= WARN_EVERY.toNanos()) {
      warned = now;
      LOG.warnf(
          "MLflow at %s can't be told of the run (%s); it is tried again, and what it misses is sent"
              + " later. Check tracking.mlflow and MLFLOW_TRACKING_TOKEN",
          settings.server(), reason.getMessage() == null ? reason : reason.getMessage());
    } else {
      LOG.debugf(reason, "MLflow at %s is still away", settings.server());
    }
  }
}
