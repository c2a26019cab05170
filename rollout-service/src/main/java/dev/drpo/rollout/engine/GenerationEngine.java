package dev.drpo.rollout.engine;

import ai.djl.ndarray.NDManager;
import dev.drpo.policy.Decoder;
import dev.drpo.policy.PolicySampler;
import dev.drpo.policy.engine.TensorEngine;
import dev.drpo.policy.safetensors.Safetensors;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/**
 * Samples groups of responses. One platform thread owns the policy and everything that is live; the
 * outside talks to it by messages, which it reads between two decode steps. Safe for use by many
 * threads.
 */
public final class GenerationEngine implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(GenerationEngine.class);

  private final EngineSettings settings;
  private final EngineCounters counters;
  private final BlockingQueue<Consumer<Scheduler>> mailbox = new LinkedBlockingQueue<>();
  private final CompletableFuture<Void> loaded = new CompletableFuture<>();
  private final Thread thread;

  /** Why no message is taken any more; null while the engine runs. Guarded by the mailbox. */
  private EngineStoppedException stopped;

  private volatile boolean closing;

  private GenerationEngine(EngineSettings settings) {
    this.settings = settings;
    this.counters = new EngineCounters(settings.version());
    this.thread = Thread.ofPlatform().name("generation-engine").unstarted(this::run);
  }

  /**
   * Starts an engine and returns once its policy is loaded.
   *
   * @throws dev.drpo.policy.PolicyFormatException if the weights do not fit the architecture
   */
  public static GenerationEngine start(EngineSettings settings) {
    GenerationEngine engine = new GenerationEngine(settings);
    engine.thread.start();
    try {
      engine.loaded.join();
      return engine;
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException refused ? refused : e;
    }
  }

  /**
   * Queues a group. Cancelling the future gives its slots back. The future fails with an {@link
   * EngineStoppedException} if the engine stops first, and with whatever the listener throws.
   *
   * @throws RefusedRequestException if the request can never be served
   */
  public CompletableFuture<SampledGroup> submit(GroupRequest request, ResponseListener listener) {
    settings.limits().refuseUnfit(request);
    RunningGroup group = new RunningGroup(request, listener);
    send(scheduler -> scheduler.enqueue(group), group.result());
    return group.result();
  }

  /**
   * Hands over new weights. The future tells what became of them, and fails with a {@link
   * dev.drpo.policy.PolicyFormatException} if they do not fit the architecture, in which case the
   * old weights stay.
   *
   * @param file safetensors that match {@code version}'s digest; kept by the caller until the
   *     future completes
   */
  public CompletableFuture<WeightUpdateOutcome> offer(PolicyVersion version, Path file) {
    WeightUpdate update = new WeightUpdate(version, file);
    send(scheduler -> scheduler.offer(update), update.outcome());
    return update.outcome();
  }

  /** Where the engine stands, as of its last step. */
  public EngineStatus status() {
    return counters.status();
  }

  /** What fits. */
  public EngineLimits limits() {
    return settings.limits();
  }

  /** Stops after the current step and fails every group that is not complete. */
  @Override
  public void close() {
    closing = true;
    mailbox.add(scheduler -> {});
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        // The native memory must not be freed under a running step.
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void send(Consumer<Scheduler> message, CompletableFuture<?> result) {
    synchronized (mailbox) {
      if (stopped == null) {
        mailbox.add(message);
        return;
      }
    }
    result.completeExceptionally(stopped);
  }

  private void run() {
    TensorEngine.setThreads(settings.threads());
    TensorEngine.prepareThread();
    try (NDManager manager = TensorEngine.newManager();
        PolicySampler sampler = sampler(manager)) {
      EngineLimits limits = settings.limits();
      Scheduler scheduler =
          new Scheduler(
              sampler.decoder(),
              new LiveRows(sampler, settings.endOfSequence(), limits.slots()),
              settings.version(),
              settings.weightUpdates(),
              counters);
      loaded.complete(null);
      generate(scheduler);
    } catch (Throwable e) {
      loaded.completeExceptionally(e);
    }
  }

  private PolicySampler sampler(NDManager manager) {
    try (Safetensors weights = Safetensors.open(settings.weights())) {
      EngineLimits limits = settings.limits();
      return new PolicySampler(
          Decoder.load(manager, settings.model(), weights),
          limits.slots(),
          limits.sequenceTokens());
    }
  }

  private void generate(Scheduler scheduler) {
    EngineStoppedException cause =
        new EngineStoppedException("this replica is stopping; another one takes the group", null);
    try {
      boolean decoded = false;
      while (!closing) {
        read(scheduler, decoded);
        decoded = scheduler.advance();
      }
    } catch (Throwable e) {
      LOG.error("the generation engine died; this replica has to be restarted", e);
      counters.died(e.toString());
      cause = new EngineStoppedException("the generation engine died: " + e, e);
    } finally {
      stop(scheduler, cause);
    }
  }

  /** Takes the messages that are there, and waits for one if there was nothing to decode. */
  private void read(Scheduler scheduler, boolean busy) throws InterruptedException {
    if (!busy) {
      counters.idle(true);
      mailbox.take().accept(scheduler);
      counters.idle(false);
    }
    for (Consumer<Scheduler> m = mailbox.poll(); m != null; m = mailbox.poll()) {
      m.accept(scheduler);
    }
  }

  private void stop(Scheduler scheduler, EngineStoppedException cause) {
    synchronized (mailbox) {
      stopped = cause;
    }
    mailbox.forEach(message -> message.accept(scheduler));
    scheduler.abandon(cause);
  }
}
