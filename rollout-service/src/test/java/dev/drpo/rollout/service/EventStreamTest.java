package dev.drpo.rollout.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drpo.generation.GenerationEngine;
import dev.drpo.generation.GroupRequest;
import dev.drpo.generation.Sampling;
import dev.drpo.policy.checkpoint.PolicyFolder;
import dev.drpo.policy.text.PolicyTokenizer;
import dev.drpo.rollout.TinyEngine;
import dev.drpo.rollout.openai.Answer;
import dev.drpo.rollout.openai.ApiException;
import dev.drpo.rollout.openai.ChoiceSampling;
import dev.drpo.rollout.openai.CompletionRequest;
import dev.drpo.testkit.Await;
import dev.drpo.testkit.TinyPolicy;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventStreamTest {
  private static final int RESPONSES = 2;
  private static final int TOKENS = 400;

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
  void whatIsSampledWhileTheCallerIsSlowComesInFewEvents() throws IOException {
    Caller caller = new Caller(() -> Await.until("all is sampled", () -> groups() == 1));
    stream().write(caller);
    List<String> events = caller.events();
    assertThat(events.removeLast()).isEqualTo("[DONE]");
    assertThat(events.removeLast()).contains("\"completion_tokens\":" + RESPONSES * TOKENS);
    // Of each response one before the caller was slow, one with all the rest, and one for its end.
    assertThat(events).hasSizeBetween(RESPONSES, 3 * RESPONSES);
  }

  @Test
  void anEngineThatStopsBeforeTheFirstEventRefusesTheRequest() {
    EventStream stream = stream();
    engine.close();
    Caller caller = new Caller(() -> {});
    assertThatThrownBy(() -> stream.write(caller))
        .isInstanceOfSatisfying(
            ApiException.class, error -> assertThat(error.status()).isEqualTo(503));
    assertThat(caller.size()).isZero();
  }

  @Test
  void anEngineThatStopsLaterIsToldByTheLastEvent() throws IOException {
    Caller caller = new Caller(engine::close);
    stream().write(caller);
    assertThat(caller.events().getLast()).startsWith("{\"error\":").contains("server_error");
  }

  @Test
  void aCallerThatHasLeftGivesItsSlotsBack() throws IOException {
    IOException left = new IOException("connection reset");
    Caller caller =
        new Caller(
            () -> {
              throw left;
            });
    assertThatThrownBy(() -> stream().write(caller)).isSameAs(left);
    stream().write(new Caller(() -> {}));
    Await.until("the second is sampled", () -> groups() > 0);
    assertThat(groups()).isEqualTo(1);
  }

  private EventStream stream() {
    GroupRequest group =
        GroupRequest.of(new int[] {1, 2}, new Sampling(1, 1, RESPONSES, TOKENS, 1));
    CompletionRequest request = new CompletionRequest(List.of(group), List.of(), false, true, true);
    return new EventStream(
        ChoiceSampling.start(engine, tokenizer, request), Answer.completion("m", Instant.EPOCH));
  }

  private long groups() {
    return engine.status().groups();
  }

  private interface Action {
    void run() throws IOException;
  }

  /** Does something when the first event has been written to it. */
  private static final class Caller extends ByteArrayOutputStream {
    private final Action onFirst;
    private boolean first = true;

    Caller(Action onFirst) {
      this.onFirst = onFirst;
    }

    @Override
    public void flush() throws IOException {
      if (first) {
        first = false;
        onFirst.run();
      }
    }

    List<String> events() {
      return new ArrayList<>(
          List.of(
              toString(StandardCharsets.UTF_8)
                  .replaceFirst("^data: ", "")
                  .strip()
                  .split("\n\ndata: ")));
    }
  }
}
