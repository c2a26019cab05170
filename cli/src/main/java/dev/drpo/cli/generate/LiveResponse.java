package dev.drpo.cli.generate;

import dev.drpo.cli.lines.LineOutput;
import dev.drpo.cli.lines.OutputFailure;
import dev.drpo.generation.GrowingText;
import dev.drpo.generation.ResponseListener;
import dev.drpo.generation.SampledGroup;
import dev.drpo.generation.SampledResponse;
import dev.drpo.policy.text.PolicyTokenizer;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;

/** Prints one response while it is drawn, in whole characters, and ends its line. */
final class LiveResponse {
  private LiveResponse() {}

  /**
   * Samples and prints.
   *
   * @return the only response, with nothing of it unprinted
   * @throws OutputFailure if the output can't be written
   * @throws dev.drpo.generation.EngineStoppedException if the engine dies
   * @throws InterruptedException if the thread was interrupted; the line is ended
   */
  static SampledGroup print(
      PolicyEngine engine, int[] prompt, PolicyTokenizer tokenizer, LineOutput out)
      throws OutputFailure, InterruptedException {
    // The engine's thread only drops tokens here; an empty one says that nothing more comes.
    BlockingQueue<Optional<Integer>> drawn = new LinkedBlockingQueue<>();
    CompletableFuture<SampledGroup> group = engine.submit(prompt, listener(drawn));
    var _ = group.whenComplete((_, _) -> drawn.add(Optional.empty()));
    GrowingText text = new GrowingText(tokenizer::decode);
    try {
      for (var token = drawn.take(); token.isPresent(); token = drawn.take()) {
        out.write(text.add(token.get()));
      }
      out.write(text.finish());
    } catch (InterruptedException e) {
      out.write("\n");
      throw e;
    }
    out.write("\n");
    return Results.await(group);
  }

  private static ResponseListener listener(BlockingQueue<Optional<Integer>> drawn) {
    return new ResponseListener() {
      @Override
      public void drew(int sample, int token, float logProbability) {
        drawn.add(Optional.of(token));
      }

      @Override
      public void finished(int sample, SampledResponse response) {
        // Every token has been told before.
      }
    };
  }
}
