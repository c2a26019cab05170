package dev.drpo.rollout.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drpo.generation.GenerationEngine;
import dev.drpo.generation.GroupRequest;
import dev.drpo.generation.Sampling;
import dev.drpo.policy.checkpoint.PolicyFolder;
import dev.drpo.policy.text.PolicyTokenizer;
import dev.drpo.rollout.TinyEngine;
import dev.drpo.testkit.Await;
import dev.drpo.testkit.TinyPolicy;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChoiceSamplingTest {
  @TempDir private Path folder;
  private PolicyTokenizer tokenizer;
  private GenerationEngine engine;

  @BeforeEach
  void start() throws IOException {
    PolicyFolder policy = TinyPolicy.write(folder, 1);
    tokenizer = PolicyTokenizer.load(policy.path());
    engine = TinyEngine.start(policy.weightsFile(), Set.of());
  }

  @AfterEach
  void stop() {
    engine.close();
    tokenizer.close();
  }

  @Test
  void aResponseThatHasStoppedIsNotSampledOn() throws Exception {
    // Every text has a space behind its first word.
    ChoiceSampling sampling = ChoiceSampling.start(engine, tokenizer, request(List.of(" ")));
    Answer.completion("m", Instant.EPOCH).whole(sampling);
    assertThat(sampling.choices())
        .allSatisfy(choice -> assertThat(choice.sampled()).isLessThan(500));
    Await.until("no row is live", () -> engine.status().liveRows() == 0);
  }

  @Test
  void anEngineThatStopsMakesTheRequestOneForAnotherReplica() {
    ChoiceSampling sampling = ChoiceSampling.start(engine, tokenizer, request(List.of()));
    engine.close();
    assertUnavailable(sampling);
    assertUnavailable(ChoiceSampling.start(engine, tokenizer, request(List.of())));
  }

  @Test
  void aCancelledSamplingEnds() throws Exception {
    ChoiceSampling sampling = ChoiceSampling.start(engine, tokenizer, request(List.of()));
    sampling.cancel();
    assertThat(sampling.advance()).isEmpty();
    Await.until("no row is live", () -> engine.status().liveRows() == 0);
  }

  private static void assertUnavailable(ChoiceSampling sampling) {
    assertThatThrownBy(() -> Answer.completion("m", Instant.EPOCH).whole(sampling))
        .isInstanceOfSatisfying(
            ApiException.class,
            error -> {
              assertThat(error.status()).isEqualTo(503);
              assertThat(error.toJson().at("/error/type").asText()).isEqualTo("server_error");
            })
        .hasMessageContaining("another one takes the group");
  }

  private static CompletionRequest request(List<String> stops) {
    return new CompletionRequest(
        List.of(GroupRequest.of(new int[] {1, 2}, new Sampling(1, 1, 2, 500, 1))),
        stops,
        false,
        false,
        false);
  }
}
