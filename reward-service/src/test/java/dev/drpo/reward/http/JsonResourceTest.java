package dev.drpo.reward.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.drpo.reward.Web;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The judge for curl users, by real requests. */
@QuarkusTest
class JsonResourceTest {
  private static final String RIGHT =
      """
      {"response": "</think> \\\\boxed{0.5}", "golds": ["1/2"], "requestId": "a"}""";

  @TestHTTPResource("/")
  URI root;

  @Test
  void aResponseIsJudged() throws Exception {
    HttpResponse<String> response = post("/v1/evaluate", RIGHT);
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("content-type")).hasValue("application/json");
    JsonNode verdict = json(response).get("verdict");
    assertThat(verdict.get("outcome").asText()).isEqualTo("OUTCOME_EQUAL");
    assertThat(verdict.get("reward").asDouble()).isEqualTo(1);
    assertThat(verdict.get("normalGold").asText()).isEqualTo("1/2");
    assertThat(verdict.get("truncated").asBoolean()).isFalse();
    assertThat(json(response).get("requestId").asText()).isEqualTo("a");
    assertThat(json(response).get("verifierVersion").asText()).isNotEmpty();
  }

  @Test
  void aWrongAnswerIsAVerdictAndHasItsZeroWrittenOut() throws Exception {
    HttpResponse<String> response =
        post(
            "/v1/evaluate",
            "{\"answer\": \"8\", \"golds\": [\"7\"], \"conventions\": {\"percent\": \"typed\"}}");
    assertThat(response.statusCode()).isEqualTo(200);
    JsonNode verdict = json(response).get("verdict");
    assertThat(verdict.get("outcome").asText()).isEqualTo("OUTCOME_NOT_EQUAL");
    assertThat(verdict.has("reward")).isTrue();
    assertThat(verdict.get("reward").asDouble()).isZero();
  }

  @Test
  void aGroupIsJudgedInOrder() throws Exception {
    HttpResponse<String> response =
        post(
            "/v1/evaluate-group",
            """
            {"candidates": [{"answer": "1"}, {"answer": "2", "finishReason": "FINISH_REASON_LENGTH"}],
             "golds": ["2"]}""");
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(json(response).at("/verdicts/0/outcome").asText()).isEqualTo("OUTCOME_NOT_EQUAL");
    assertThat(json(response).at("/verdicts/1/outcome").asText()).isEqualTo("OUTCOME_EQUAL");
    assertThat(json(response).at("/verdicts/1/truncated").asBoolean()).isTrue();
  }

  @Test
  void anExplanationIsGiven() throws Exception {
    HttpResponse<String> response = post("/v1/explain", "{\"gold\": \"1/2\", \"answer\": \"0.5\"}");
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(json(response).get("steps")).isNotEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{\"answer\": | not valid JSON",
        "{\"answer\": \"1\" | expected close marker for Object (line 1",
        "{answer: \"1\", \"golds\": [\"1\"]} | not valid JSON",
        "{\"answer\": \"1\", \"golds\": [\"1\"]} {} | goes on after",
        "{\"answer\": \"1\", \"answer\": \"2\", \"golds\": [\"1\"]} | Duplicate field",
        "[] | no JSON object",
        "~~ | no JSON object",
        "{\"answer\": {}, \"golds\": [\"1\"]} | no EvaluateRequest",
        "{\"answer\": \"1\", \"golds\": \"1\"} | golds",
        "{\"answer\": \"1\", \"gold\": [\"1\"]} | its fields are response, golds, conventions",
        "{\"answer\": \"1\", \"golds\": [null]} | golds",
        "{\"answer\": \"1\", \"golds\": [\"1\"], \"finishReason\": \"TIRED\"} | TIRED",
        "{\"answer\": \"1\", \"response\": \"2\", \"golds\": [\"1\"]} | give exactly one",
        "{\"answer\": \"1\"} | no golds",
        "{\"answer\": \"1\", \"golds\": [\"1\"], \"conventions\": {\"percent\": \"x\"}} | lenient, typed",
      })
  void whatCannotBeJudgedIsABadRequestWithTheReason(String body, String reason) throws Exception {
    assertRefused(post("/v1/evaluate", body), 400, "INVALID_ARGUMENT", reason);
  }

  @Test
  void whatIsNotUtf8IsABadRequest() throws Exception {
    HttpResponse<String> response =
        new Web(root)
            .post("/v1/evaluate", new byte[] {(byte) 0xff}, "Content-Type", "application/json");
    assertRefused(response, 400, "INVALID_ARGUMENT", "not UTF-8");
  }

  @Test
  void aByteOrderMarkIsForgiven() throws Exception {
    assertThat(post("/v1/evaluate", "\uFEFF" + RIGHT).statusCode()).isEqualTo(200);
  }

  @Test
  void answersAreSpelledAsAPersonWouldReadThem() throws Exception {
    HttpResponse<String> response =
        post("/v1/evaluate", "{\"answer\": \"x='<\\u00e9>'&\", \"golds\": [\"1\"]}");
    assertThat(response.body()).contains("\"extracted\":\"x='<é>'&\"");
  }

  @Test
  void aPathThatIsNotThereIsAnsweredWithTheOnesThatAre() throws Exception {
    assertRefused(post("/v1/evaluat", RIGHT), 404, "UNIMPLEMENTED", "/v1/evaluate-group");
  }

  @Test
  void aBodyOverTheLimitIsRefusedWithTheLimit() throws Exception {
    String body = "{\"response\": \"" + "x".repeat(5 << 20) + "\"}";
    assertRefused(post("/v1/evaluate", body), 413, "RESOURCE_EXHAUSTED", "4194304 bytes");
  }

  @Test
  void onlyPostedJsonIsTaken() throws Exception {
    HttpResponse<String> got = new Web(root).get("/v1/evaluate");
    assertRefused(got, 405, "INVALID_ARGUMENT", "POST a JSON object");
    assertThat(got.headers().firstValue("allow")).hasValue("POST");
    assertRefused(
        new Web(root).post("/v1/evaluate", RIGHT.getBytes(UTF_8), "Content-Type", "text/plain"),
        415,
        "INVALID_ARGUMENT",
        "Content-Type: application/json");
    assertRefused(
        new Web(root).post("/v1/evaluate", RIGHT.getBytes(UTF_8)),
        415,
        "INVALID_ARGUMENT",
        "no content");
    assertThat(
            new Web(root)
                .post(
                    "/v1/evaluate",
                    RIGHT.getBytes(UTF_8),
                    "Content-Type",
                    "Application/JSON; charset=utf-8")
                .statusCode())
        .isEqualTo(200);
  }

  @Test
  void aDeadlineInTheHeaderIsHonoured() throws Exception {
    HttpResponse<String> response =
        new Web(root)
            .post(
                "/v1/evaluate",
                RIGHT.getBytes(UTF_8),
                "Content-Type",
                "application/json",
                "grpc-timeout",
                "1n");
    assertRefused(response, 504, "DEADLINE_EXCEEDED", "allow more time");
  }

  private HttpResponse<String> post(String path, String body) throws Exception {
    return new Web(root).post(path, body.getBytes(UTF_8), "Content-Type", "application/json");
  }

  private static void assertRefused(
      HttpResponse<String> response, int status, String code, String reason) throws Exception {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    assertThat(json(response).get("code").asText()).isEqualTo(code);
    assertThat(json(response).get("message").asText()).contains(reason);
    assertThat(json(response).size()).isEqualTo(2);
  }

  private static JsonNode json(HttpResponse<String> response) throws Exception {
    return new ObjectMapper().readTree(response.body());
  }
}
