package dev.drpo.rollout.service;

import static dev.drpo.rollout.service.OpenAiCaller.CHAT;
import static dev.drpo.rollout.service.OpenAiCaller.COMPLETIONS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.collect.ImmutableList;
import dev.drpo.generation.EngineStatus;
import dev.drpo.proto.records.v1.FinishReason;
import dev.drpo.proto.records.v1.Rollout;
import dev.drpo.proto.records.v1.SamplingParameters;
import dev.drpo.proto.rollout.v1.GenerateRequest;
import dev.drpo.proto.rollout.v1.GenerateResponse;
import dev.drpo.proto.rollout.v1.RolloutServiceGrpc;
import dev.drpo.testkit.Await;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.quarkus.grpc.runtime.GrpcServer;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The OpenAI API by real requests, and what gRPC gives for the same. */
@QuarkusTest
@QuarkusTestResource(value = ReplicaResource.class, restrictToAnnotatedClass = true)
class OpenAiTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** The chat template makes w1 w3 w2 of it. */
  private static final String W3 = "\"messages\": [{\"role\": \"user\", \"content\": \"w3\"}]";

  @TestHTTPResource("/")
  URI root;

  @Inject GrpcServer grpc;

  @Inject RolloutLifecycle lifecycle;

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.7, 1})
  void aCompletionIsWhatGenerateSamples(double temperature) throws Exception {
    List<Rollout> expected = generate(temperature, 4, 30, "w1 w3 w2");
    JsonNode answer =
        caller()
            .ok(
                COMPLETIONS,
                "\"prompt\": \"w1 w3 w2\", \"n\": 4, \"max_tokens\": 30, \"seed\": 3, \"logprobs\": 0,"
                    + " \"temperature\": "
                    + temperature);
    assertThat(answer.get("object").asText()).isEqualTo("text_completion");
    assertThat(answer.get("model").asText()).isEqualTo("service-test");
    assertThat(answer.get("id").asText()).startsWith("cmpl-");
    assertThat(answer.get("created").asLong()).isPositive();
    assertThat(answer.get("choices")).hasSize(4);
    for (int i = 0; i < 4; i++) {
      JsonNode choice = answer.get("choices").get(i);
      Rollout rollout = expected.get(i);
      assertThat(choice.get("index").asInt()).isEqualTo(i);
      assertThat(choice.get("text").asText()).isEqualTo(rollout.getText());
      assertThat(choice.get("finish_reason").asText()).isEqualTo(reason(rollout));
      assertSame(floats(choice.at("/logprobs/token_logprobs")), rollout.getLogProbabilitiesList());
      assertThat(String.join("", texts(choice.at("/logprobs/tokens"))))
          .isEqualTo(rollout.getText());
      assertThat(choice.at("/logprobs/text_offset")).hasSize(rollout.getTokensCount());
    }
    int sampled = expected.stream().mapToInt(Rollout::getTokensCount).sum();
    assertThat(answer.at("/usage/prompt_tokens").asInt()).isEqualTo(3);
    assertThat(answer.at("/usage/completion_tokens").asInt()).isEqualTo(sampled);
    assertThat(answer.at("/usage/total_tokens").asInt()).isEqualTo(3 + sampled);
  }

  @Test
  void aChatCompletionIsWhatGenerateSamplesForTheRenderedTemplate() throws Exception {
    List<Rollout> expected = generate(1, 2, 30, "w1 w3 w2");
    JsonNode answer =
        caller()
            .ok(
                CHAT,
                W3 + ", \"n\": 2, \"max_completion_tokens\": 30, \"seed\": 3, \"logprobs\": true");
    assertThat(answer.get("object").asText()).isEqualTo("chat.completion");
    for (int i = 0; i < 2; i++) {
      JsonNode choice = answer.get("choices").get(i);
      assertThat(choice.at("/message/role").asText()).isEqualTo("assistant");
      assertThat(choice.at("/message/content").asText()).isEqualTo(expected.get(i).getText());
      assertThat(choice.get("finish_reason").asText()).isEqualTo(reason(expected.get(i)));
      List<Float> logProbabilities = new ArrayList<>();
      for (JsonNode token : choice.at("/logprobs/content")) {
        logProbabilities.add(token.get("logprob").floatValue());
        assertThat(token.get("bytes"))
            .hasSize(token.get("token").asText().getBytes(StandardCharsets.UTF_8).length);
        assertThat(token.get("top_logprobs")).isEmpty();
      }
      assertSame(logProbabilities, expected.get(i).getLogProbabilitiesList());
    }
    JsonNode parts =
        caller()
            .ok(
                CHAT,
                """
            "messages": [{"role": "user", "content": [{"type": "text", "text": "w3"}]}],
            "n": 2, "max_tokens": 30, "seed": 3""");
    assertThat(parts.at("/choices/1/message/content").asText())
        .isEqualTo(expected.get(1).getText());
    assertThat(parts.at("/choices/0/logprobs").isNull()).isTrue();
  }

  @Test
  void everyFormOfPromptIsTaken() throws Exception {
    String rest = ", \"n\": 2, \"max_tokens\": 8, \"seed\": 3";
    JsonNode one = caller().ok(COMPLETIONS, "\"prompt\": \"w1 w3\"" + rest).get("choices");
    assertThat(caller().ok(COMPLETIONS, "\"prompt\": [1, 3]" + rest).get("choices")).isEqualTo(one);
    for (String prompts : List.of("[\"w1 w3\", \"w5\"]", "[[1, 3], [5]]")) {
      JsonNode answer = caller().ok(COMPLETIONS, "\"prompt\": " + prompts + rest);
      JsonNode choices = answer.get("choices");
      assertThat(choices).hasSize(4);
      assertThat(choices.get(0)).isEqualTo(one.get(0));
      assertThat(choices.get(1)).isEqualTo(one.get(1));
      assertThat(choices.get(3).get("index").asInt()).isEqualTo(3);
      assertThat(choices.get(3).get("text").asText())
          .isEqualTo(generate(1, 2, 8, "w5").get(1).getText());
      assertThat(answer.at("/usage/prompt_tokens").asInt()).isEqualTo(3);
    }
  }

  @Test
  void theSameSeedGivesTheSameTextAndNoneGivesOthers() throws Exception {
    String request = "\"prompt\": [\"w1\", \"w1\"], \"max_tokens\": 200, \"n\": 8";
    JsonNode seeded = caller().ok(COMPLETIONS, request + ", \"seed\": 7").get("choices");
    assertThat(caller().ok(COMPLETIONS, request + ", \"seed\": 7").get("choices"))
        .isEqualTo(seeded);
    assertThat(caller().ok(COMPLETIONS, request + ", \"seed\": 8").get("choices"))
        .isNotEqualTo(seeded);
    List<String> free = texts(caller().ok(COMPLETIONS, request).get("choices").findValues("text"));
    assertThat(free.subList(0, 8)).isNotEqualTo(free.subList(8, 16));
  }

  @Test
  void aStreamJoinsToTheAnswerInOnePiece() throws Exception {
    String request = "\"n\": 3, \"max_tokens\": 40, \"seed\": 5";
    JsonNode whole =
        caller()
            .ok(COMPLETIONS, "\"prompt\": [\"w1\", \"w2\"], \"logprobs\": 0, " + request)
            .get("choices");
    Map<Integer, StringBuilder> texts = new TreeMap<>();
    Map<Integer, List<Float>> logProbabilities = new TreeMap<>();
    Map<Integer, String> ends = new TreeMap<>();
    List<JsonNode> events =
        caller().stream(
            COMPLETIONS,
            "\"prompt\": [\"w1\", \"w2\"], \"logprobs\": 0, \"stream\": true, \"stream_options\":"
                + " {\"include_usage\": true}, "
                + request);
    JsonNode usage = events.removeLast();
    for (JsonNode event : events) {
      JsonNode choice = event.at("/choices/0");
      int index = choice.get("index").asInt();
      texts.computeIfAbsent(index, i -> new StringBuilder()).append(choice.get("text").asText());
      logProbabilities
          .computeIfAbsent(index, i -> new ArrayList<>())
          .addAll(floats(choice.at("/logprobs/token_logprobs")));
      if (!choice.get("finish_reason").isNull()) {
        assertThat(ends.put(index, choice.get("finish_reason").asText())).isNull();
      }
    }
    assertThat(ends).hasSize(6);
    for (JsonNode choice : whole) {
      int index = choice.get("index").asInt();
      assertThat(texts.get(index)).hasToString(choice.get("text").asText());
      assertSame(logProbabilities.get(index), floats(choice.at("/logprobs/token_logprobs")));
      assertThat(ends).containsEntry(index, choice.get("finish_reason").asText());
    }
    assertThat(usage.get("choices")).isEmpty();
    assertThat(usage.at("/usage/completion_tokens").asInt())
        .isEqualTo(logProbabilities.values().stream().mapToInt(List::size).sum());
  }

  @Test
  void aChatStreamBeginsWithTheRoleAndJoinsToTheAnswer() throws Exception {
    String request = W3 + ", \"max_tokens\": 40, \"seed\": 5";
    String whole = caller().ok(CHAT, request).at("/choices/0/message/content").asText();
    List<JsonNode> events = caller().stream(CHAT, request + ", \"stream\": true");
    assertThat(events.getFirst().get("object").asText()).isEqualTo("chat.completion.chunk");
    assertThat(events.getFirst().at("/choices/0/delta/role").asText()).isEqualTo("assistant");
    StringBuilder text = new StringBuilder();
    events.forEach(event -> text.append(event.at("/choices/0/delta/content").asText()));
    assertThat(text).hasToString(whole);
    assertThat(events.getLast().at("/choices/0/finish_reason").isNull()).isFalse();
  }

  @Test
  void aStopEndsTheTextBeforeIt() throws Exception {
    String request = "\"prompt\": \"w1 w2\", \"max_tokens\": 60, \"n\": 8, \"seed\": 1";
    for (JsonNode choice : caller().ok(COMPLETIONS, request).get("choices")) {
      String text = choice.get("text").asText();
      if (text.length() < 12) {
        continue;
      }
      String stop = text.substring(7, 10);
      String stopped = request + ", \"stop\": [\"never\", \"" + stop + "\"], \"logprobs\": 0";
      int index = choice.get("index").asInt();
      JsonNode cut = caller().ok(COMPLETIONS, stopped).get("choices").get(index);
      assertThat(cut.get("text").asText()).isEqualTo(text.substring(0, text.indexOf(stop)));
      assertThat(cut.get("finish_reason").asText()).isEqualTo("stop");
      assertThat(String.join("", texts(cut.at("/logprobs/tokens"))))
          .isEqualTo(cut.get("text").asText());
      StringBuilder streamed = new StringBuilder();
      caller().stream(COMPLETIONS, stopped + ", \"stream\": true").stream()
          .map(event -> event.at("/choices/0"))
          .filter(part -> part.get("index").asInt() == index)
          .forEach(part -> streamed.append(part.get("text").asText()));
      assertThat(streamed).hasToString(cut.get("text").asText());
    }
    Await.until("nothing is sampled beyond the stops", this::isIdle);
  }

  @Test
  void whatAsksForNothingAndWhatIsOfNoConsequenceIsTaken() throws Exception {
    caller()
        .ok(
            COMPLETIONS,
            """
        "prompt": "w1", "user": "me", "metadata": {"a": "b"}, "suffix": null, "echo": false,
        "best_of": 1, "frequency_penalty": 0.0, "presence_penalty": 0, "logit_bias": {},
        "stop": null, "logprobs": null, "unheard_of": null""");
    caller()
        .ok(
            CHAT,
            W3
                + """
            , "top_logprobs": 0, "response_format": {"type": "text"}, "tools": [],
            "store": false, "max_tokens": 3, "max_completion_tokens": 3""");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void callersThatLeaveGiveTheirSlotsBack(boolean streaming) throws Exception {
    long before = status().groups();
    int calls = 60;
    List<Socket> sockets = new ArrayList<>();
    for (int i = 0; i < calls; i++) {
      String body =
          "{\"model\": \"service-test\", \"prompt\": \"w1 w%d\", \"n\": 8, \"max_tokens\": 500, \"stream\": %s}"
              .formatted(1 + i % 15, streaming);
      Socket socket = new Socket(root.getHost(), root.getPort());
      socket
          .getOutputStream()
          .write(
              """
              POST /v1/completions HTTP/1.1\r
              Host: localhost\r
              Content-Type: application/json\r
              Content-Length: %d\r
              \r
              %s"""
                  .formatted(body.length(), body)
                  .getBytes(StandardCharsets.US_ASCII));
      sockets.add(socket);
    }
    Await.until("the calls have arrived", () -> status().waitingGroups() > 0);
    for (Socket socket : sockets) {
      socket.close();
    }
    Await.until("all slots are free", this::isIdle);
    assertThat(status().groups() - before).isLessThan(calls);
    caller().ok(COMPLETIONS, "\"prompt\": \"w1\", \"n\": 8, \"max_tokens\": 5");
  }

  @Test
  void theModelIsListed() throws Exception {
    JsonNode models = JSON.readTree(caller().get("/v1/models").body());
    assertThat(models.get("object").asText()).isEqualTo("list");
    assertThat(models.at("/data/0/id").asText()).isEqualTo("service-test");
    assertThat(models.get("data")).hasSize(1);
    assertThat(JSON.readTree(caller().get("/v1/models/service-test").body()))
        .isEqualTo(models.at("/data/0"));
    OpenAiCaller.assertError(
        caller().get("/v1/models/other"), 404, "model", "model_not_found", "'service-test'");
  }

  private OpenAiCaller caller() {
    return new OpenAiCaller(root);
  }

  private EngineStatus status() {
    return lifecycle.replica().orElseThrow().engine().status();
  }

  private boolean isIdle() {
    return status().liveRows() == 0 && status().waitingGroups() == 0;
  }

  private List<Rollout> generate(double temperature, int n, int budget, String prompt) {
    ManagedChannel channel =
        ManagedChannelBuilder.forAddress(root.getHost(), grpc.getPort()).usePlaintext().build();
    try {
      GenerateRequest request =
          GenerateRequest.newBuilder()
              .setText(prompt)
              .setSampling(
                  SamplingParameters.newBuilder()
                      .setTemperature(temperature)
                      .setTopP(1)
                      .setGroupSize(n)
                      .setMaxResponseTokens(budget)
                      .setSeed(3))
              .build();
      return ImmutableList.copyOf(RolloutServiceGrpc.newBlockingStub(channel).generate(request))
          .stream()
          .sorted(Comparator.comparingInt(GenerateResponse::getSample))
          .map(GenerateResponse::getRollout)
          .toList();
    } finally {
      channel.shutdownNow();
    }
  }

  private static String reason(Rollout rollout) {
    return rollout.getFinishReason() == FinishReason.FINISH_REASON_STOP ? "stop" : "length";
  }

  /** Up to the rounding that depends on what else was in the batch. */
  private static void assertSame(List<Float> logProbabilities, List<Float> expected) {
    assertThat(logProbabilities).hasSameSizeAs(expected);
    for (int i = 0; i < expected.size(); i++) {
      assertThat(logProbabilities.get(i)).isCloseTo(expected.get(i), within(1e-5f));
    }
  }

  private static List<Float> floats(JsonNode numbers) {
    return StreamSupport.stream(numbers.spliterator(), false).map(JsonNode::floatValue).toList();
  }

  private static List<String> texts(Iterable<JsonNode> nodes) {
    return StreamSupport.stream(nodes.spliterator(), false).map(JsonNode::asText).toList();
  }
}
