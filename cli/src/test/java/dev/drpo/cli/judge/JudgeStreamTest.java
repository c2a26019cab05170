package dev.drpo.cli.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.drpo.cli.lines.Inputs;
import dev.drpo.cli.lines.OutputFailure;
import dev.drpo.judge.Judge;
import dev.drpo.judge.convention.Conventions;
import dev.drpo.judge.limit.Limits;
import dev.drpo.judge.verdict.Verdict;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class JudgeStreamTest {
  private static final LineJudge JUDGE =
      new LineJudge(new Judge(Limits.DEFAULT), Conventions.DEFAULT);

  @Test
  void aVerdictCarriesItsEvidence() throws IOException {
    assertThat(judged("{\"id\":\"a\",\"gold\":\"7\",\"response\":\"</think> \\\\boxed{ 7 }\"}"))
        .containsExactly(
            Map.of(
                "id", "\"a\"",
                "verdict", "\"EQUAL\"",
                "reward", "1.0",
                "rule", "\"identical-text\"",
                "extracted", "\" 7 \"",
                "normalGold", "\"7\"",
                "normalAnswer", "\"7\"",
                "steps", stepsFor("</think> \\boxed{ 7 }", "7")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'gold':'7','response':'</think> \\\\boxed{7}'}   | EQUAL",
        "{'gold':'7','response':'</think> \\\\boxed{8}'}   | NOT_EQUAL",
        "{'gold':'7','response':'\\\\boxed{7}'}            | NO_ANSWER",
        "{'gold':'7','response':''}                        | NO_ANSWER",
        "{'gold':'7','answer':'7}{'}                       | UNPARSEABLE",
        "{'gold':'7','answer':'1e999999999'}               | BUDGET_EXCEEDED",
        "{'gold':'','answer':'7'}                          | INVALID_GOLD",
        "{'golds':[],'answer':'7'}                         | INVALID_GOLD",
        "{'golds':['7'],'answer':'7'}                      | EQUAL",
        "{'golds':['6',7],'answer':'7'}                    | EQUAL",
        "{'golds':['6','8'],'answer':'7'}                  | NOT_EQUAL",
        "{'golds':['6','7'],'response':'</think> \\\\boxed{7}'} | EQUAL",
      })
  void everyKindOfVerdictHasItsName(String line, String verdict) throws IOException {
    assertThat(judged(line.replace('\'', '"')).getFirst())
        .containsEntry("verdict", '"' + verdict + '"')
        .containsEntry("reward", verdict.equals("EQUAL") ? "1.0" : "0.0");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "nonsense                                | it is not JSON",
        "{'gold':'7',                            | it is not JSON",
        "{'gold':'7'                             | expected close marker for Object (column",
        "{'gold':'7' 'answer':'7'}               | it is not JSON",
        "{'gold':'7','gold':'8','answer':'7'}    | Duplicate field 'gold'",
        "{'gold':'7','answer':'7'} {}            | write one object per line",
        "['7','7']                               | must be a JSON object",
        "'7'                                     | must be a JSON object",
        "{'answer':'7'}                          | no gold (or golds)",
        "{'gold':'7'}                            | no response (or answer)",
        "{'gold':'7','reponse':'7'}              | no response (or answer)",
        "{'gold':'7','golds':['7'],'answer':'7'} | both gold and golds",
        "{'gold':'7','response':'','answer':'7'} | both response and answer",
        "{'gold':null,'answer':'7'}              | gold must be a string or a number",
        "{'gold':['7'],'answer':'7'}             | gold must be a string or a number",
        "{'golds':'7','answer':'7'}              | golds must be a list",
        "{'golds':['7',null],'answer':'7'}       | each of golds must be a string or a number",
        "{'golds':['7'                           | it is not JSON",
        "{'gold':'7','answer':true}              | answer must be a string or a number",
        "{'gold':'7','response':7}               | response must be a string",
        "{'id':[1],'gold':'7','answer':'7'}      | id must be a string or a number",
        "{'gold':NaN,'answer':'7'}               | it is not JSON",
      })
  void aMalformedLineIsToldAndTheRestGoesOn(String line, String error) throws IOException {
    String good = "{\"id\":\"good\",\"gold\":\"7\",\"answer\":\"7\"}";

    List<Map<String, String>> results = judged(good, line.replace('\'', '"'), good);

    assertThat(results)
        .extracting(result -> result.get("verdict"))
        .containsExactly("\"EQUAL\"", null, "\"EQUAL\"");
    assertThat(results.get(1)).containsEntry("line", "2").doesNotContainKey("reward");
    assertThat(results.get(1).get("error")).contains(error);
  }

  @Test
  void anErrorCarriesTheIdentifierIfThereIsOne() throws IOException {
    assertThat(judged("{\"id\":\"x\",\"gold\":\"7\"}", "{\"gold\":\"7\",\"id\":3}", "{}"))
        .extracting(result -> result.get("id"))
        .containsExactly("\"x\"", "3", null);
  }

  @Test
  void identifiersComeBackAsWritten() throws IOException {
    List<String> ids = List.of("\"a\\\"ü\"", "7", "7.0", "1e400", "123456789012345678901234567890");

    assertThat(
            judged(
                ids.stream()
                    .map(id -> "{\"id\":" + id + ",\"gold\":1,\"answer\":1}")
                    .toArray(String[]::new)))
        .extracting(result -> result.get("id"))
        .containsExactlyElementsOf(ids);
  }

  @Test
  void aLineWithoutIdentifierIsNamedByItsNumber() throws IOException {
    assertThat(
            judged("", "{\"gold\":1,\"answer\":1}", "  ", "{\"id\":null,\"gold\":1,\"answer\":1}"))
        .extracting(result -> result.get("id"))
        .containsExactly("2", "4");
  }

  @Test
  void numbersKeepTheirDigits() throws IOException {
    String digits = "1".repeat(1500);

    List<Map<String, String>> results =
        judged(
            "{\"gold\":9007199254740993,\"answer\":9007199254740992}",
            "{\"gold\":0.10000000000000000001,\"answer\":0.1}",
            "{\"gold\":\"3/2\",\"answer\":1.50}",
            "{\"gold\":" + digits + ",\"answer\":" + digits + "}");

    assertThat(results)
        .extracting(result -> result.get("verdict"))
        .containsExactly("\"NOT_EQUAL\"", "\"NOT_EQUAL\"", "\"EQUAL\"", "\"EQUAL\"");
    assertThat(results.get(2)).containsEntry("extracted", "\"1.50\"");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7})
  void resultsStandInTheOrderOfTheLines(int threads) throws IOException {
    int lines = 5000;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    String input =
        String.join(
            "\n",
            IntStream.range(0, lines)
                .mapToObj(
                    i ->
                        "{\"id\":%d,\"gold\":\"%s\",\"answer\":\"5\"}"
                            .formatted(i, "9".repeat(1 + i * 31 % 1900)))
                .toList());

    Tally tally = JudgeStream.run(JUDGE, stream(input), out, threads);

    assertThat(results(out))
        .extracting(result -> result.get("id"))
        .containsExactlyElementsOf(IntStream.range(0, lines).mapToObj(Integer::toString).toList());
    assertThat(tally.judged()).isEqualTo(lines);
  }

  @Test
  void byteOrderMarkAndCarriageReturnsAndBlankLinesMeanNothing() throws IOException {
    String line = "{\"gold\":\"½\",\"answer\":\"½\"}";

    assertThat(results(run("\uFEFF" + line + "\r\n\r\n \t\r\n" + line + "\r\n" + line)))
        .extracting(result -> result.get("extracted"))
        .containsExactly("\"½\"", "\"½\"", "\"½\"");
  }

  @Test
  void anEmptyInputHasNoVerdicts() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    assertThat(JudgeStream.run(JUDGE, stream(""), out, 2).judged()).isZero();
    assertThat(out.size()).isZero();
  }

  @Test
  void bytesThatAreNoTextAreMalformed() throws IOException {
    byte[] input =
        "{\"id\":1,\"gold\":\"?\",\"answer\":\"7\"}\n{\"id\":2,\"gold\":7,\"answer\":7}"
            .getBytes(StandardCharsets.UTF_8);
    input[new String(input, StandardCharsets.UTF_8).indexOf('?')] = (byte) 0xFC;
    ByteArrayOutputStream out = new ByteArrayOutputStream();

    Tally tally = JudgeStream.run(JUDGE, new ByteArrayInputStream(input), out, 2);

    assertThat(results(out).getFirst().get("error")).contains("it is not UTF-8 text");
    assertThat(tally.malformed()).isEqualTo(1);
    assertThat(tally.judged()).isEqualTo(1);
  }

  @Test
  void outputIsValidTextWhateverTheInputHolds() throws IOException {
    ByteArrayOutputStream out =
        run("{\"id\":\"\\ud83d\",\"gold\":\"7\",\"answer\":\"\\u0000\\ud83d\\n\"}");

    assertThatCode(
            () -> StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(out.toByteArray())))
        .doesNotThrowAnyException();
    assertThat(results(out)).hasSize(1);
  }

  @Test
  void aHugeLineIsMalformedAndTakesNoMemory() throws IOException {
    long size = 3L << 30;
    InputStream huge = new Inputs.ZerosThen(size, "\n{\"gold\":7,\"answer\":7}\n");
    ByteArrayOutputStream out = new ByteArrayOutputStream();

    Tally tally = JudgeStream.run(JUDGE, huge, out, 2);

    assertThat(results(out).getFirst())
        .containsEntry("line", "1")
        .hasEntrySatisfying("error", error -> assertThat(error).contains("longer than 8388608"));
    assertThat(results(out).get(1)).containsEntry("id", "2").containsEntry("verdict", "\"EQUAL\"");
    assertThat(tally.malformed()).isEqualTo(1);
  }

  @Test
  void theLongestResponseThatIsJudgedFitsALine() throws IOException {
    String response = "</think>\\boxed{7}";
    String padding = "\\u00e9".repeat(Limits.DEFAULT.responseCharacters() - response.length());

    assertThat(
            judged(
                "{\"gold\":7,\"response\":\"" + padding + response.replace("\\", "\\\\") + "\"}"))
        .extracting(result -> result.get("verdict"))
        .containsExactly("\"EQUAL\"");
  }

  @Test
  void aCallerThatWaitsForEachVerdictGetsIt() throws Exception {
    try (PipedOutputStream toJudge = new PipedOutputStream();
        PipedInputStream judgeIn = new PipedInputStream(toJudge);
        PipedOutputStream judgeOut = new PipedOutputStream();
        PipedInputStream fromJudge = new PipedInputStream(judgeOut)) {
      CompletableFuture<Tally> running =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return JudgeStream.run(JUDGE, judgeIn, judgeOut, 2);
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
      for (int i = 0; i < 3; i++) {
        toJudge.write(
            "{\"id\":%d,\"gold\":1,\"answer\":1}\n{\"id\":"
                .formatted(i)
                .getBytes(StandardCharsets.UTF_8));
        toJudge.flush();

        assertThat(readLine(fromJudge)).startsWith("{\"id\":" + i + ",");

        toJudge.write("\"rest\",\"gold\":1,\"answer\":1}\n".getBytes(StandardCharsets.UTF_8));
        toJudge.flush();
        assertThat(readLine(fromJudge)).startsWith("{\"id\":\"rest\",");
      }
      toJudge.close();
      assertThat(running.get().judged()).isEqualTo(6);
    }
  }

  @Test
  void anEndlessInputEndsWhenTheOutputIsClosed() {
    AtomicLong written = new AtomicLong();
    OutputStream closing =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            if (written.incrementAndGet() > 10_000) {
              throw new IOException("Broken pipe");
            }
          }
        };

    assertThatThrownBy(
            () ->
                JudgeStream.run(
                    JUDGE, new Inputs.Repeated("{\"gold\":\"7\",\"answer\":\"7\"}\n"), closing, 2))
        .isInstanceOfSatisfying(
            OutputFailure.class, failure -> assertThat(failure.isClosedPipe()).isTrue());
  }

  @Test
  void anInputThatBreaksOffIsJudgedAsFarAsItWasRead() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    InputStream broken =
        new SequenceInputStream(
            stream("{\"gold\":\"7\",\"answer\":\"7\"}\n"), new Inputs.BrokenInput());

    assertThatThrownBy(() -> JudgeStream.run(JUDGE, broken, out, 2))
        .isNotInstanceOf(OutputFailure.class)
        .hasMessage("Input/output error");
    assertThat(results(out)).hasSize(1);
  }

  private static String stepsFor(String response, String gold) {
    Verdict verdict = new Judge(Limits.DEFAULT).judge(response, List.of(gold), Conventions.DEFAULT);
    return Long.toString(verdict.evidence().steps());
  }

  private static List<Map<String, String>> judged(String... lines) throws IOException {
    return results(run(String.join("\n", lines) + "\n"));
  }

  private static ByteArrayOutputStream run(String input) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    JudgeStream.run(JUDGE, stream(input), out, 2);
    return out;
  }

  private static InputStream stream(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String readLine(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b = in.read(); b >= 0 && b != '\n'; b = in.read()) {
      line.write(b);
    }
    return line.toString(StandardCharsets.UTF_8);
  }

  /** The fields of each line, their values as JSON. */
  private static List<Map<String, String>> results(ByteArrayOutputStream out) {
    List<Map<String, String>> results = new ArrayList<>();
    out.toString(StandardCharsets.UTF_8).lines().forEach(line -> results.add(fields(line)));
    return results;
  }

  private static Map<String, String> fields(String line) {
    Map<String, String> fields = new LinkedHashMap<>();
    try (JsonParser json = new JsonFactory().createParser(line)) {
      assertThat(json.nextToken()).isEqualTo(JsonToken.START_OBJECT);
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String key = json.currentName();
        boolean string = json.nextToken() == JsonToken.VALUE_STRING;
        String text = json.getText();
        fields.put(key, string ? '"' + text.replace("\"", "\\\"") + '"' : text);
      }
      assertThat(json.nextToken()).isNull();
      return fields;
    } catch (IOException e) {
      throw new AssertionError("no JSON: " + line, e);
    }
  }
}
