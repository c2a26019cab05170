package dev.drpo.rollout.engineapi;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.drpo.generation.SamplingEngine;
import dev.drpo.generation.WeightUpdate;
import dev.drpo.policy.PolicyFormatException;
import dev.drpo.policy.checkpoint.PolicyDigest;
import dev.drpo.policy.checkpoint.PolicyFolder;
import dev.drpo.policy.checkpoint.PolicyVersion;
import dev.drpo.policy.safetensors.Safetensors;
import dev.drpo.rollout.openai.ApiException;
import dev.drpo.rollout.openai.CompletionRequest;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/**
 * What another process has its engine do. While sampling is paused, requests wait; those that run
 * then end, or are cut and answered with what they have. Safe for use by many threads.
 */
public final class EngineControl {
  private final SamplingEngine engine;
  private final Function<int[], String> decode;
  private final Set<Integer> endOfSequence;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Set<TokenSampling> running = new HashSet<>();
  private boolean paused;
  private long loads;
  private String label = "initial";

  /**
   * Controls an engine that nobody else gives weights to.
   *
   * @param decode gives the text of tokens
   * @param endOfSequence tokens that end a response
   */
  public EngineControl(
      SamplingEngine engine, Function<int[], String> decode, Set<Integer> endOfSequence) {
    this.engine = engine;
    this.decode = decode;
    this.endOfSequence = Set.copyOf(endOfSequence);
  }

  /** The label of the weights in use, which whoever loaded them has given. */
  public String label() {
    lock.lock();
    try {
      return label;
    } finally {
      lock.unlock();
    }
  }

  /** Labels the weights in use. */
  public void label(String newLabel) {
    lock.lock();
    try {
      label = newLabel;
    } finally {
      lock.unlock();
    }
  }

  /** Begins to sample, once sampling is not paused. */
  public TokenSampling begin(CompletionRequest request) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (paused) {
        changed.await();
      }
      TokenSampling sampling = new TokenSampling(request, engine, endOfSequence, label);
      running.add(sampling);
      sampling.whenEnded(() -> ended(sampling));
      return sampling;
    } finally {
      lock.unlock();
    }
  }

  private void ended(TokenSampling sampling) {
    lock.lock();
    try {
      running.remove(sampling);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** The answer to a request that has begun. */
  public ObjectNode answer(TokenSampling sampling, String model, Instant created)
      throws InterruptedException {
    return TokenAnswer.of(sampling, decode, model, created);
  }

  /**
   * Has what comes wait, and waits until nothing runs.
   *
   * @param cut whether what runs is answered with what it has
   */
  public void pause(boolean cut) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      paused = true;
      if (cut) {
        running.forEach(TokenSampling::cut);
      }
      while (!running.isEmpty()) {
        changed.await();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Ends a pause. */
  public void resume() {
    lock.lock();
    try {
      paused = false;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Answers requests with what they have; unknown ones have ended. */
  public void cut(List<String> requests) {
    lock.lock();
    try {
      running.stream()
          .filter(sampling -> requests.contains(sampling.id()))
          .forEach(TokenSampling::cut);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes the weights of a folder; those before stay where it can't.
   *
   * @throws ApiException if there are none that fit
   */
  public void load(Path folder) throws InterruptedException {
    PolicyFolder policy = new PolicyFolder(folder);
    PolicyDigest digest;
    try (Safetensors weights = policy.openWeights()) {
      digest = PolicyDigest.of(weights);
    } catch (PolicyFormatException e) {
      throw ApiException.invalid("weights_path", "%s", e.getMessage());
    }
    WeightUpdate update = engine.offer(new PolicyVersion(nextLoad(), digest), policy.weightsFile());
    try {
      update.outcome().join();
    } catch (CompletionException e) {
      throw ApiException.invalid("weights_path", "%s", e.getCause().getMessage());
    }
  }

  private long nextLoad() {
    lock.lock();
    try {
      return ++loads;
    } finally {
      lock.unlock();
    }
  }
}
