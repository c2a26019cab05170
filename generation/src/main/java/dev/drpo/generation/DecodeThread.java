package dev.drpo.generation;

import dev.drpo.policy.engine.TensorEngine;
import dev.drpo.policy.sampler.PolicySampler;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** A platform thread that decodes groups in slots of its own, with weights that others share. */
final class DecodeThread {
  private final int index;
  private final EngineSettings settings;
  private final WaitingGroups waiting;
  private final PolicyBuffers buffers;
  private final EngineCounters counters;
  private final Consumer<Throwable> died;
  private final CompletableFuture<Void> started = new CompletableFuture<>();
  private final Thread thread;
  private volatile EngineStoppedException stop;

  DecodeThread(
      int index,
      EngineSettings settings,
      WaitingGroups waiting,
      PolicyBuffers buffers,
      Consumer<Throwable> died) {
    this.index = index;
    this.settings = settings;
    this.waiting = waiting;
    this.buffers = buffers;
    this.died = died;
    this.counters = new EngineCounters(settings.version(), settings.kvCache().rows());
    this.thread = Thread.ofPlatform().name("generation-engine-" + index).unstarted(this::run);
  }

  /** Starts; the future completes once the KV cache is allocated. */
  CompletableFuture<Void> start() {
    thread.start();
    return started;
  }

  EngineCounters counters() {
    return counters;
  }

  /** Asks it to stop after the current step, and to fail what is not complete. */
  void stop(EngineStoppedException cause) {
    stop = cause;
    waiting.changed();
  }

  /** Waits until it has stopped. */
  void join() {
    Joins.await(thread);
  }

  private void run() {
    TensorEngine.setThreads(settings.compute().threads());
    TensorEngine.prepareThread();
    PolicyBuffers.Buffer policy = buffers.join();
    try (PolicySampler sampler = sampler(policy)) {
      Scheduler scheduler =
          new Scheduler(
              index,
              sampler,
              new LiveRows(sampler, settings.endOfSequence(), settings.kvCache()),
              waiting,
              buffers,
              policy,
              settings.weightUpdates(),
              counters);
      started.complete(null);
      decode(scheduler);
    } catch (Throwable e) {
      started.completeExceptionally(e);
    }
  }

  private PolicySampler sampler(PolicyBuffers.Buffer policy) {
    return new PolicySampler(policy.decoder().twin(), settings.kvCache());
  }

  private void decode(Scheduler scheduler) {
    try {
      while (stop == null) {
        long seen = waiting.changes();
        if (!scheduler.advance() && stop == null) {
          counters.idle(true);
          waiting.awaitChange(seen);
          counters.idle(false);
        }
      }
    } catch (Throwable e) {
      died.accept(e);
    } finally {
      scheduler.abandon(stop);
    }
  }
}
