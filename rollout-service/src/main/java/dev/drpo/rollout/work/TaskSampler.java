package dev.drpo.rollout.work;

import dev.drpo.generation.GroupRequest;
import dev.drpo.generation.RefusedRequestException;
import dev.drpo.generation.ResponseListener;
import dev.drpo.generation.SampledGroup;
import dev.drpo.generation.SamplingEngine;
import dev.drpo.rollout.weights.WeightFollower;
import java.util.concurrent.CompletableFuture;

/** What samples the responses to tasks: an engine, on weights that follow the learner's. */
public interface TaskSampler {
  /**
   * Queues a request until its weights are there and slots are free.
   *
   * @param listener hears of its progress
   * @return the group; to be cancelled if nobody wants it any more
   * @throws RefusedRequestException if it can never be sampled
   */
  CompletableFuture<SampledGroup> submit(GroupRequest request, ResponseListener listener);

  /** Whether nothing will ever be sampled here again. */
  boolean isDead();

  /**
   * Watches a step whose weights work asks for, as {@link WeightFollower#takenBack} does.
   *
   * @return completes if the learner resumes from an older step, with that one
   */
  CompletableFuture<Long> takenBack(long step);

  /** An engine and what keeps it on the newest weights. */
  static TaskSampler of(SamplingEngine engine, WeightFollower weights) {
    return new TaskSampler() {
      @Override
      public CompletableFuture<SampledGroup> submit(
          GroupRequest request, ResponseListener listener) {
        return engine.submit(request, listener);
      }

      @Override
      public boolean isDead() {
        return engine.status().failure().isPresent();
      }

      @Override
      public CompletableFuture<Long> takenBack(long step) {
        return weights.takenBack(step);
      }
    };
  }
}
