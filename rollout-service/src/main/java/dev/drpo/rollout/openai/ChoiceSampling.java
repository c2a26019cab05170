package dev.drpo.rollout.openai;

import dev.drpo.generation.EngineStoppedException;
import dev.drpo.generation.GroupSampling;
import dev.drpo.generation.ResponseListener;
import dev.drpo.generation.SampledResponse;
import dev.drpo.generation.SamplingEngine;
import dev.drpo.policy.text.PolicyTokenizer;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * The responses to one request on their way from the engine. The engine's thread only drops its
 * news here; decoding, the search for stops and all else happen on the thread that follows.
 */
public final class ChoiceSampling {
  private sealed interface News {
    record Drawn(int choice, int token, float logProbability) implements News {}

    record Finished(int choice, SampledResponse response) implements News {}

    record Failed(Throwable cause) implements News {}

    record Cancelled() implements News {}
  }

  private final CompletionRequest request;
  private final List<Choice> choices = new ArrayList<>();
  private final List<GroupSampling> groups = new ArrayList<>();
  private final BlockingQueue<News> news = new LinkedBlockingQueue<>();

  private ChoiceSampling(CompletionRequest request) {
    this.request = request;
  }

  /** Queues the request's groups. */
  public static ChoiceSampling start(
      SamplingEngine engine, PolicyTokenizer tokenizer, CompletionRequest request) {
    ChoiceSampling sampling = new ChoiceSampling(request);
    boolean everyToken = request.stream() || !request.stops().isEmpty();
    request
        .groups()
        .forEach(
            group -> {
              int first = sampling.choices.size();
              for (int i = 0; i < group.sampling().groupSize(); i++) {
                sampling.choices.add(new Choice(first + i, request.stops(), tokenizer::decode));
              }
              GroupSampling sampled = engine.submit(group, sampling.listener(first, everyToken));
              sampling.groups.add(sampled);
              var _ =
                  sampled.whenComplete(
                      (all, failure) -> {
                        // Only this side cancels, and then nobody listens.
                        if (failure != null && !sampled.isCancelled()) {
                          sampling.news.add(new News.Failed(failure));
                        }
                      });
            });
    return sampling;
  }

  private ResponseListener listener(int firstChoice, boolean everyToken) {
    return new ResponseListener() {
      @Override
      public void drew(int sample, int token, float logProbability) {
        if (everyToken) {
          news.add(new News.Drawn(firstChoice + sample, token, logProbability));
        }
      }

      @Override
      public void finished(int sample, SampledResponse response) {
        news.add(new News.Finished(firstChoice + sample, response));
      }
    };
  }

  /** The request that is answered. */
  CompletionRequest request() {
    return request;
  }

  /** The responses, in the order of the answer. */
  List<Choice> choices() {
    return choices;
  }

  /** Gives all slots back and ends {@link #advance}. Any thread may call it. */
  public void cancel() {
    groups.forEach(group -> group.cancel(false));
    news.add(new News.Cancelled());
  }

  /**
   * Waits for news.
   *
   * @return the choices that changed, in the order of their news; none once all have ended, or the
   *     sampling was cancelled
   * @throws ApiException if the engine stops
   */
  Set<Choice> advance() throws InterruptedException {
    Set<Choice> changed = new LinkedHashSet<>();
    if (choices.stream().allMatch(choice -> choice.end().isPresent())) {
      return changed;
    }
    List<News> batch = new ArrayList<>();
    batch.add(news.take());
    news.drainTo(batch);
    for (News item : batch) {
      switch (item) {
        case News.Drawn(int choice, int token, float logProbability) -> {
          choices.get(choice).add(token, logProbability);
          changed.add(choices.get(choice));
        }
        case News.Finished(int choice, SampledResponse response) -> {
          choices.get(choice).finish(response);
          changed.add(choices.get(choice));
        }
        case News.Failed(EngineStoppedException e) ->
            throw ApiException.unavailable(e.getMessage());
        case News.Failed(Throwable cause) ->
            throw new IllegalStateException("sampling failed", cause);
        case News.Cancelled() -> {
          return Set.of();
        }
      }
    }
    changed.stream().filter(choice -> choice.end().isPresent()).forEach(this::release);
    return changed;
  }

  /** A stop ends a response while the engine goes on; it need not, and its slot is of use. */
  private void release(Choice ended) {
    int size = choices.size() / groups.size();
    groups.get(ended.index() / size).stop(ended.index() % size);
  }
}
