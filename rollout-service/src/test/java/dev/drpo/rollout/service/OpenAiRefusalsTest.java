package dev.drpo.rollout.service;

import static dev.drpo.rollout.service.OpenAiCaller.CHAT;
import static dev.drpo.rollout.service.OpenAiCaller.COMPLETIONS;
import static dev.drpo.rollout.service.OpenAiCaller.assertError;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.util.Collections;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the OpenAI API refuses, and what it says then. */
@QuarkusTest
@QuarkusTestResource(value = ReplicaResource.class, restrictToAnnotatedClass = true)
class OpenAiRefusalsTest {
  @TestHTTPResource("/")
  URI root;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "prompt | | there is no prompt",
        "prompt | \"prompt\": 5 | prompt is 5; it must be a text",
        "prompt | \"prompt\": [] | it must be a text",
        "prompt | \"prompt\": [\"w1\", 2] | it must be a text",
        "prompt | \"prompt\": [1, \"w2\"] | it must be a text",
        "prompt | \"prompt\": [1.5] | it must be a text",
        "prompt | \"prompt\": \"\" | the prompt is empty",
        "prompt | \"prompt\": [16] | knows ids from 0 to 15",
        "n | \"prompt\": \"w1\", \"n\": 0 | from 1 to 8",
        "n | \"prompt\": \"w1\", \"n\": 9 | from 1 to 8",
        "n | \"prompt\": \"w1\", \"n\": \"two\" | an integer",
        "max_tokens | \"prompt\": \"w1\", \"max_tokens\": 0 | 1 or more",
        "temperature | \"prompt\": \"w1\", \"temperature\": -1 | 0 (greedy) or more",
        "temperature | \"prompt\": \"w1\", \"temperature\": \"hot\" | a number",
        "top_p | \"prompt\": \"w1\", \"top_p\": 0 | above 0",
        "top_p | \"prompt\": \"w1\", \"top_p\": 1.1 | at most 1",
        "seed | \"prompt\": \"w1\", \"seed\": 1.5 | an integer of 64 bits",
        "stop | \"prompt\": \"w1\", \"stop\": \"\" | none of them empty",
        "stop | \"prompt\": \"w1\", \"stop\": [1] | a list of texts",
        "logprobs | \"prompt\": \"w1\", \"logprobs\": 5 | logprobs is 0",
        "logprobs | \"prompt\": \"w1\", \"logprobs\": true | an integer",
        "stream | \"prompt\": \"w1\", \"stream\": 1 | true or false",
        "stream_options | \"prompt\": \"w1\", \"stream_options\": {} | of a request that streams",
        "echo | \"prompt\": \"w1\", \"echo\": true | not supported",
        "best_of | \"prompt\": \"w1\", \"best_of\": 3 | not supported",
        "frequency_penalty | \"prompt\": \"w1\", \"frequency_penalty\": 0.5 | not supported",
        "top_k | \"prompt\": \"w1\", \"top_k\": -2 | all tokens",
        "min_p | \"prompt\": \"w1\", \"min_p\": 1 | below 1",
        "stop_token_ids | \"prompt\": \"w1\", \"stop_token_ids\": 3 | a list of integers",
        "stop_token_ids | \"prompt\": \"w1\", \"stop_token_ids\": [\"a\"] | a list of integers",
        "repetition_penalty | \"prompt\": \"w1\", \"repetition_penalty\": 2 | the parameter repetition_penalty is not supported here",
        "return_token_ids | \"prompt\": \"w1\", \"return_token_ids\": true | the parameter return_token_ids is not supported here",
      })
  void aCompletionThatCannotBeServedIsRefusedWithParameterAndReason(
      String parameter, String request, String reason) throws Exception {
    String fields = request == null ? "" : ", " + request;
    assertError(
        caller().post(COMPLETIONS, "{\"model\": \"service-test\"" + fields + "}"),
        400,
        parameter,
        null,
        reason);
  }

  /** This replica is no engine of another process. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "/pause",
        "/resume",
        "/collective_rpc",
        "/update_weight_version",
        "/abort_requests"
      })
  void nobodyAdministersAReplicaThatIsNotToldToLetThem(String path) throws Exception {
    assertError(caller().post(path, "{}"), 404, null, "unknown_url", "there is nothing at " + path);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "messages | | there is no messages",
        "messages | \"messages\": [] | at least one message",
        "messages[0] | \"messages\": [\"hi\"] | an object with role and content",
        "messages[0].role | \"messages\": [{\"content\": \"w1\"}] | there is no messages[0].role",
        "messages[0].role | \"messages\": [{\"role\": \"oracle\", \"content\": \"w1\"}] | has role"
            + " 'oracle'",
        "messages[0].content | \"messages\": [{\"role\": \"user\"}] | there is no"
            + " messages[0].content",
        "messages[0].content | \"messages\": [{\"role\": \"user\", \"content\": 5}] | must be a"
            + " text",
        "messages[0].content | \"messages\": [{\"role\": \"user\", \"content\": [{\"type\":"
            + " \"image_url\"}]}] | of type text",
        "messages[0].name | \"messages\": [{\"role\": \"user\", \"content\": \"w1\", \"name\":"
            + " \"x\"}] | not supported",
        "top_logprobs | \"top_logprobs\": 2, \"logprobs\": true, \"messages\": [{\"role\":"
            + " \"user\", \"content\": \"w1\"}] | not supported",
        "tools | \"tools\": [1], \"messages\": [{\"role\": \"user\", \"content\": \"w1\"}] | not"
            + " supported",
        "response_format | \"response_format\": {\"type\": \"json_object\"}, \"messages\":"
            + " [{\"role\": \"user\", \"content\": \"w1\"}] | not supported",
        "max_completion_tokens | \"max_tokens\": 2, \"max_completion_tokens\": 3, \"messages\":"
            + " [{\"role\": \"user\", \"content\": \"w1\"}] | give one of them",
        "functions | \"functions\": [], \"messages\": [{\"role\": \"user\", \"content\": \"w1\"}] |"
            + " not supported",
      })
  void aChatThatCannotBeServedIsRefusedWithParameterAndReason(
      String parameter, String request, String reason) throws Exception {
    String fields = request == null ? "" : ", " + request;
    assertError(
        caller().post(CHAT, "{\"model\": \"service-test\"" + fields + "}"),
        400,
        parameter,
        null,
        reason);
  }

  @Test
  void whatIsNoRequestIsRefused() throws Exception {
    assertError(caller().post(COMPLETIONS, "{\"model\":"), 400, null, null, "not valid JSON");
    assertError(caller().post(COMPLETIONS, "{} {}"), 400, null, null, "goes on after");
    assertError(
        caller().post(COMPLETIONS, "{\"n\": 1, \"n\": 2}"), 400, null, null, "Duplicate field 'n'");
    assertError(caller().post(COMPLETIONS, ""), 400, null, null, "no JSON object");
    assertError(caller().post(COMPLETIONS, "[]"), 400, null, null, "no JSON object");
    assertError(caller().post(COMPLETIONS, "{}"), 400, "model", null, "there is no model");
    assertError(
        caller().post(COMPLETIONS, "{\"model\": \"gpt\", \"prompt\": \"w1\"}"),
        404,
        "model",
        "model_not_found",
        "ask for 'service-test'");
    assertError(
        caller()
            .post(
                COMPLETIONS,
                "{\"model\": \"service-test\", \"prompt\": \"w1\", \"max_tokens\": 512}"),
        400,
        "prompt",
        "context_length_exceeded",
        "512 tokens exceeds the 500");
    assertError(
        caller().post(COMPLETIONS, "{\"prompt\": \"" + "x".repeat(9 << 20) + "\"}"),
        413,
        null,
        null,
        "4000000 bytes (callers.request-bytes)");
    assertError(
        OpenAiCaller.send(
            HttpRequest.newBuilder(root.resolve(COMPLETIONS))
                .header("Content-Type", "application/json")
                .POST(
                    HttpRequest.BodyPublishers.ofInputStream(
                        () -> new ByteArrayInputStream(new byte[5 << 20])))
                .build()),
        413,
        null,
        null,
        "4000000 bytes; send fewer prompts");
    assertError(caller().get(COMPLETIONS), 405, null, "method_not_supported", "use POST");
    assertError(caller().get("/pause"), 405, null, "method_not_supported", "use POST");
    assertError(caller().get("/v1/embeddings"), 404, null, "unknown_url", "/v1/embeddings");
    assertError(
        OpenAiCaller.send(
            HttpRequest.newBuilder(root.resolve(CHAT))
                .POST(HttpRequest.BodyPublishers.ofString("{}"))
                .build()),
        415,
        null,
        null,
        "Content-Type: application/json");
  }

  @Test
  void manyPromptsAtOnceAreRefusedWithTheLimit() throws Exception {
    String prompts = String.join(", ", Collections.nCopies(200, "\"w1\""));
    assertError(
        caller()
            .post(
                COMPLETIONS,
                "{\"model\": \"service-test\", \"n\": 8, \"prompt\": [" + prompts + "]}"),
        400,
        "prompt",
        null,
        "more than 1024 responses");
  }

  private OpenAiCaller caller() {
    return new OpenAiCaller(root);
  }
}
