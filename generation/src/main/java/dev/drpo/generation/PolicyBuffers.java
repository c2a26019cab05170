package dev.drpo.generation;

import dev.drpo.policy.checkpoint.PolicyVersion;
import dev.drpo.policy.decoder.Decoder;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * The policy's weights, in two buffers: while some are decoded with, newer ones are loaded beside
 * them, so that no decoding thread ever waits for a load. A thread moves on when it sees fit; the
 * older buffer is free for the next update once every thread has.
 */
final class PolicyBuffers implements AutoCloseable {
  private final DecoderLoading loading;
  private final Runnable loaded;
  private final Thread loader;
  private final CompletableFuture<Void> started = new CompletableFuture<>();

  private Buffer newest;
  private Buffer spare;
  private WeightUpdate pending;
  private RuntimeException stopped;

  /** Weights, and how many threads decode with them. */
  static final class Buffer {
    private final Decoder decoder;
    private PolicyVersion version;
    private WeightUpdate update;
    private int users;

    private Buffer(Decoder decoder, PolicyVersion version) {
      this.decoder = decoder;
      this.version = version;
    }

    Decoder decoder() {
      return decoder;
    }

    /** What it holds; does not change while a thread uses it. */
    PolicyVersion version() {
      return version;
    }

    /** Takes note of a token drawn with it. */
    void drew() {
      WeightUpdate taken = update;
      if (taken != null && !taken.firstToken().isDone()) {
        taken.firstToken().complete(null);
      }
    }
  }

  private PolicyBuffers(DecoderLoading loading, Runnable loaded) {
    this.loading = loading;
    this.loaded = loaded;
    this.loader = Thread.ofPlatform().name("weight-loader").unstarted(this::run);
  }

  /**
   * Loads the starting policy.
   *
   * @param loading called on the loader's thread alone
   * @param loaded called whenever there are newer weights to move on to
   */
  static PolicyBuffers start(DecoderLoading loading, Runnable loaded) {
    PolicyBuffers buffers = new PolicyBuffers(loading, loaded);
    buffers.loader.start();
    try {
      buffers.started.join();
      return buffers;
    } catch (CompletionException e) {
      buffers.close();
      throw e.getCause() instanceof RuntimeException refused ? refused : e;
    }
  }

  /** The newest weights, which the calling thread uses from now on. */
  synchronized Buffer join() {
    newest.users++;
    return newest;
  }

  /** Whether there are newer weights than those that a thread uses. */
  synchronized boolean hasNewerThan(Buffer used) {
    return newest != used;
  }

  /** The calling thread has moved on from weights to the newest, and has shown so. */
  void leave(Buffer used) {
    WeightUpdate applied;
    synchronized (this) {
      used.users--;
      // As long as a buffer has users nothing is loaded, so that all of them have joined the
      // newest.
      applied = used.users == 0 ? newest.update : null;
      notifyAll();
    }
    if (applied != null) {
      applied.outcome().complete(WeightUpdateOutcome.APPLIED);
    }
  }

  /** Takes an update; one that has not been loaded will never be. */
  void offer(WeightUpdate newer) {
    WeightUpdate superseded = null;
    RuntimeException refusal;
    synchronized (this) {
      refusal = stopped;
      if (refusal == null) {
        superseded = pending;
        pending = newer;
        notifyAll();
      }
    }
    if (superseded != null) {
      superseded.outcome().complete(WeightUpdateOutcome.SUPERSEDED);
    }
    if (refusal != null) {
      newer.outcome().completeExceptionally(refusal);
    }
  }

  /** Fails what has not been taken into use, and takes nothing more. */
  void stop(RuntimeException cause) {
    WeightUpdate waiting;
    WeightUpdate unused;
    synchronized (this) {
      stopped = cause;
      waiting = pending;
      unused = newest == null ? null : newest.update;
      pending = null;
      notifyAll();
    }
    if (waiting != null) {
      waiting.outcome().completeExceptionally(cause);
    }
    if (unused != null) {
      // Nothing happens to one that is applied.
      unused.outcome().completeExceptionally(cause);
    }
  }

  private void run() {
    try {
      newest = new Buffer(loading.starting(), loading.version());
    } catch (Throwable e) {
      started.completeExceptionally(e);
      return;
    }
    started.complete(null);
    try {
      for (WeightUpdate next = take(); next != null; next = take()) {
        load(next);
      }
    } catch (InterruptedException e) {
      // Nobody interrupts this thread; the engine stops it by a flag.
      throw new IllegalStateException(e);
    }
  }

  /** The next update once the spare buffer is free; null when the engine stops. */
  private synchronized WeightUpdate take() throws InterruptedException {
    while (stopped == null && (pending == null || (spare != null && spare.users > 0))) {
      wait();
    }
    WeightUpdate next = pending;
    pending = null;
    return stopped == null ? next : null;
  }

  private void load(WeightUpdate update) {
    try {
      if (spare == null) {
        spare = new Buffer(loading.beside(update), update.version());
      } else {
        loading.over(spare.decoder, update);
      }
    } catch (RuntimeException e) {
      update.outcome().completeExceptionally(e);
      return;
    }
    synchronized (this) {
      Buffer older = newest;
      newest = spare;
      newest.version = update.version();
      newest.update = update;
      spare = older;
    }
    update.loaded().complete(null);
    loaded.run();
  }

  /** Frees the weights; no thread may use them any more. */
  @Override
  public void close() {
    stop(new EngineStoppedException("this replica is stopping", null));
    Joins.await(loader);
    loading.close();
  }
}
