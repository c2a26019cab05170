package dev.drpo.learner.service;

import dev.drpo.learner.checkpoint.CheckpointException;
import dev.drpo.learner.run.Learner;
import dev.drpo.learner.run.RunFailure;
import dev.drpo.learner.run.RunStatus;
import dev.drpo.learner.run.RunStop;
import dev.drpo.learner.weights.SnapshotStore;
import dev.drpo.policy.PolicyFormatException;
import dev.drpo.problems.DataException;
import dev.drpo.proto.learner.v1.RunState;
import dev.drpo.runtime.config.ConfigException;
import dev.drpo.runtime.config.RunConfig;
import dev.drpo.runtime.messaging.Messaging;
import dev.drpo.runtime.messaging.MessagingException;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Runs the training on a thread of its own. A run that fails ends the process with exit code 1, so
 * that the platform restarts it and it resumes from its newest checkpoint; a run that is complete
 * leaves the process up, so that its status and weights can be read, unless {@code
 * learner.exit-when-complete} ends it with exit code 0.
 */
@Singleton
public class LearnerLifecycle {
  private static final Logger LOG = Logger.getLogger(LearnerLifecycle.class);
  private static final Duration STOP_PATIENCE = Duration.ofSeconds(8);

  /** The slowest device computes a part of a step, and says so, in less. */
  private static final Duration LEARNING_PATIENCE = Duration.ofMinutes(2);

  private static final Duration LOOK_EVERY = Duration.ofMillis(200);
  private static final int COMPLETE = 0;
  private static final int FAILED = 1;

  private final RunConfig configuration;
  private final Messaging messaging;
  private final RunStatus status;
  private final ProcessExit exit;

  private final RunStop stop = new RunStop();

  /** Open until the run has ended, however it did. */
  private final CountDownLatch ran = new CountDownLatch(1);

  private volatile Learner learner;
  private volatile Thread thread;
  private volatile boolean stopping;

  LearnerLifecycle(
      RunConfig configuration, Messaging messaging, RunStatus status, ProcessExit exit) {
    this.configuration = configuration;
    this.messaging = messaging;
    this.status = status;
    this.exit = exit;
  }

  void start(@Observes StartupEvent event) {
    // The tensor engine keeps settings per thread and pins its carrier: a platform thread.
    thread = Thread.ofPlatform().name("learner").start(this::train);
  }

  /**
   * Lets a step that is being learned from come to its end, and to its checkpoint, however long it
   * takes, as long as it gets on: how much time there is, the platform decides.
   */
  void stop(@Observes ShutdownEvent event) throws InterruptedException {
    stopping = true;
    if (thread == null) {
      return;
    }
    if (isComplete()) {
      // Its files are written; an interrupt would only have its connections close with errors.
      var _ = ran.await(STOP_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } else {
      stop.ask(thread);
      awaitStep();
    }
    thread.interrupt();
    thread.join(STOP_PATIENCE);
  }

  private void awaitStep() throws InterruptedException {
    if (stop.isLearning()) {
      LOG.info("asked to end: the step under way is learned and kept first");
    }
    long done = status.snapshot().getWorkDone();
    long since = System.nanoTime();
    while (!thread.join(LOOK_EVERY)) {
      long now = status.snapshot().getWorkDone();
      Duration patience = stop.isLearning() ? LEARNING_PATIENCE : STOP_PATIENCE;
      if (now != done) {
        done = now;
        since = System.nanoTime();
      } else if (System.nanoTime() - since > patience.toNanos()) {
        LOG.warn("asked to end: nothing has got on since; the step under way is taken again");
        return;
      }
    }
  }

  /** The policy versions to serve; empty until the run's folder is open. */
  Optional<SnapshotStore> policies() {
    return Optional.ofNullable(learner).map(Learner::policies);
  }

  /** Whether the training thread lives, is about to start, or has done its work. */
  boolean isHealthy() {
    return thread == null || thread.isAlive() || isComplete();
  }

  private boolean isComplete() {
    return status.snapshot().getState() == RunState.RUN_STATE_COMPLETED;
  }

  private void train() {
    try {
      learner = new Learner(configuration, messaging, status);
      try {
        learner.run(stop);
      } finally {
        ran.countDown();
      }
      complete();
      if (!configuration.learner().exitWhenComplete()) {
        learner.attend();
      }
    } catch (ConfigException
        | DataException
        | PolicyFormatException
        | MessagingException
        | CheckpointException
        | RunFailure e) {
      // What is wrong lies outside this program, so that a stack trace would only hide it.
      fail(e.getMessage(), null);
    } catch (IOException e) {
      failFiles(e);
    } catch (UncheckedIOException e) {
      failFiles(e.getCause());
    } catch (InterruptedException e) {
      LOG.info(
          isComplete()
              ? "stopped after the end of the run"
              : "stopped; the run resumes from its newest checkpoint");
    } catch (Exception | Error e) {
      fail("the run failed: " + e, e);
    }
  }

  /** What follows a run's last evaluation and its report. */
  void complete() {
    LOG.infof("the run is complete; its report is in %s", configuration.run().directory());
    if (configuration.learner().exitWhenComplete()) {
      exit.with(COMPLETE);
    }
  }

  private void failFiles(IOException e) {
    fail(
        "the run's files in "
            + configuration.run().directory()
            + " could not be read or written: "
            + reason(e)
            + "; earlier checkpoints are intact: free space or mend the folder, then resume",
        null);
  }

  private static String reason(IOException e) {
    return e instanceof FileSystemException file && file.getReason() != null
        ? file.getReason() + " (" + file.getFile() + ")"
        : e.getMessage() == null ? e.toString() : e.getMessage();
  }

  private void fail(String message, Throwable cause) {
    if (stopping) {
      return;
    }
    if (isComplete()) {
      LOG.errorf(cause, "nobody looks after the topics of the run, which is complete: %s", message);
      return;
    }
    LOG.error(message, cause);
    status.fail(message);
    exit.with(FAILED);
  }
}
