package dev.drpo.cli.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drpo.problems.Problem;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class ServerRespondentTest {
  private static final String ONE =
      """
      {"choices": [{"message": {"content": "</think> \\\\boxed{1}"}, "finish_reason": "stop"}],
       "usage": {"completion_tokens": 7}}
      """;
  private static final Problem PROBLEM = Problems.set("set", 1).problems().getFirst();
  private static final Backoff QUICK = new Backoff(4, Duration.ofMillis(1), Duration.ofMillis(2));

  private FakeServer server;

  @BeforeEach
  void start() throws IOException {
    server = new FakeServer(ONE);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void eachSampleIsARequestWithASeedOfItsOwn() throws Exception {
    List<Response> responses = ask(3, 1);

    assertThat(responses).hasSize(3);
    assertThat(responses)
        .allSatisfy(
            response -> {
              assertThat(response.text()).isEqualTo("</think> \\boxed{1}");
              assertThat(response.length()).isEqualTo(7);
              assertThat(response.truncated()).isFalse();
            });
    assertThat(server.asked)
        .allSatisfy(
            body -> {
              assertThat(body.path("model").asText()).isEqualTo("m");
              assertThat(body.at("/messages/0/content").asText()).isEqualTo("w1");
              assertThat(body.path("temperature").asDouble()).isEqualTo(0.6);
              assertThat(body.path("top_p").asDouble()).isEqualTo(0.95);
              assertThat(body.path("max_tokens").asInt()).isEqualTo(100);
              assertThat(body.has("n")).isFalse();
            });
    List<Long> seeds = server.asked.stream().map(body -> body.path("seed").asLong()).toList();
    assertThat(seeds).doesNotHaveDuplicates().allMatch(seed -> seed >= 0 && seed < 1L << 31);
    assertThat(server.keys).containsOnly("Bearer secret");

    ask(3, 1);
    List<Long> again =
        server.asked.stream().skip(3).map(body -> body.path("seed").asLong()).toList();
    assertThat(again).containsExactlyInAnyOrderElementsOf(seeds);
  }

  @Test
  void severalSamplesOfARequestAreCountedByTheirLogProbabilities() throws Exception {
    server.answer(
        200,
        """
        {"choices": [
          {"message": {"content": "a"}, "finish_reason": "stop", "logprobs": {"content": [{}, {}]}},
          {"message": {"content": "b"}, "finish_reason": "length", "logprobs": {"content": [{}]}}],
         "usage": {"completion_tokens": 3}}
        """);

    List<Response> responses = ask(4, 2);

    assertThat(responses).extracting(Response::text).containsExactly("a", "b", "a", "b");
    assertThat(responses).extracting(Response::length).containsExactly(2, 1, 2, 1);
    assertThat(responses).extracting(Response::truncated).containsExactly(false, true, false, true);
    assertThat(server.asked).hasSize(2).allMatch(body -> body.path("n").asInt() == 2);
  }

  @Test
  void reasoningThatAServerTookOutIsPutBack() throws Exception {
    server.answer(
        200,
        """
        {"choices": [{"message": {"reasoning_content": "so", "content": "\\\\boxed{1}"},
                      "finish_reason": "stop"}], "usage": {"completion_tokens": 3}}
        """);

    assertThat(ask(1, 1).getFirst().text()).isEqualTo("<think>so</think>\\boxed{1}");

    server.answer(
        200,
        """
        {"choices": [{"message": {"reasoning": "so", "content": null}, "finish_reason": "length"}],
         "usage": {"completion_tokens": 3}}
        """);

    assertThat(ask(1, 1).getFirst().text()).isEqualTo("<think>so");
  }

  @ParameterizedTest
  @ValueSource(ints = {408, 429, 500, 503})
  void whatMayPassIsAskedAgain(int status) throws Exception {
    server.refuse(status, "busy");
    server.refuse(status, "");

    assertThat(ask(1, 1)).hasSize(1);
    assertThat(server.asked).hasSize(3);
  }

  @Test
  void aServerThatStaysBusyIsGivenUpWithItsOwnWords() {
    server.answer(503, "{\"error\": {\"message\": \"no\\n room\"}}");

    assertThatThrownBy(() -> ask(1, 1))
        .hasMessageContaining(
            "answers 503: no room, 4 times; see to the server, and call the same");
    assertThat(server.asked).hasSize(4);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "400 | {\"error\": {\"message\": \"no seed\"}} | refuses the request with 400: no seed; correct",
        "401 | {} | refuses the request with 401: {}; give its key by --api-key-env",
        "200 | <html> | answers with something else than JSON: <html>",
        "200 | {\"choices\": []} | gives 0 choices where 1 were asked for",
        "200 | {\"choices\": [{}]} | lacks usage.completion_tokens",
      })
  void whatNoWaitingMendsIsAFailureAtOnce(int status, String body, String message) {
    server.answer(status, body);

    assertThatThrownBy(() -> ask(1, 1)).hasMessageContaining(message);
    assertThat(server.asked).hasSize(1);
  }

  @Test
  void aServerThatGivesNoLogProbabilitiesIsAskedForOneSampleAtATime() {
    server.answer(
        200,
        """
        {"choices": [{"message": {"content": "a"}}, {"message": {"content": "b"}}],
         "usage": {"completion_tokens": 3}}
        """);

    assertThatThrownBy(() -> ask(2, 2)).hasMessageContaining("leave --per-request out");
  }

  @Test
  void waitsGrowUpToTheLongestAndToWhatTheServerAsks() {
    Backoff backoff = new Backoff(9, Duration.ofSeconds(1), Duration.ofSeconds(8));

    assertThat(backoff.before(1, Duration.ZERO))
        .isBetween(Duration.ofSeconds(1), Duration.ofMillis(1500));
    assertThat(backoff.before(3, Duration.ZERO))
        .isBetween(Duration.ofSeconds(4), Duration.ofSeconds(6));
    assertThat(backoff.before(60, Duration.ZERO))
        .isBetween(Duration.ofSeconds(8), Duration.ofSeconds(12));
    assertThat(backoff.before(1, Duration.ofSeconds(30))).isEqualTo(Duration.ofSeconds(30));
    assertThat(backoff.before(1, Duration.ofDays(1))).isEqualTo(Duration.ofMinutes(5));
  }

  private List<Response> ask(int samples, int perRequest) throws Exception {
    try (ServerRespondent respondent =
        new ServerRespondent(
            new OpenAiClient(server.api(), Optional.of("secret"), QUICK),
            "m",
            new SamplerSettings(samples, 0.6, 0.95, 100, 0),
            2,
            perRequest)) {
      return respondent.ask(PROBLEM).get(30, TimeUnit.SECONDS);
    }
  }
}
