package dev.drpo.cli.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.drpo.cli.lines.Conversation;
import dev.drpo.cli.lines.Inputs;
import dev.drpo.cli.lines.Output;
import dev.drpo.cli.lines.OutputFailure;
import dev.drpo.generation.EngineStoppedException;
import dev.drpo.policy.sampler.SamplingLaw;
import dev.drpo.policy.text.PolicyTokenizer;
import dev.drpo.testkit.TinyPolicy;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(120)
class GenerateStreamTest {
  private static final int SLOTS = 6;
  private static final PromptLimits LIMITS =
      new PromptLimits(16, 30, TinyPolicy.Preset.NARROW.config().contextLength());

  @TempDir private static Path folder;
  private static PolicyTokenizer tokenizer;
  private static PolicyEngine engine;
  private static PolicyEngine pairs;

  private final Output output = new Output();

  @BeforeAll
  static void start() throws IOException {
    tokenizer = PolicyTokenizer.load(TinyPolicy.write(folder, 5, TinyPolicy.Preset.NARROW).path());
    engine = Engines.start(folder, tokenizer, 1, SLOTS);
    pairs = Engines.start(folder, tokenizer, 2, SLOTS);
  }

  @AfterAll
  static void stop() {
    engine.close();
    pairs.close();
    tokenizer.close();
  }

  @Test
  void everyLineIsAnsweredInOrderWhateverTheLengthsAre() throws Exception {
    List<String> prompts = prompts(60);

    Tally tally = generate(engine, 1, Output.input(prompts.toArray(String[]::new)));

    List<JsonNode> results = output.objects();
    assertThat(results).hasSize(60);
    for (int i = 0; i < 60; i++) {
      JsonNode result = results.get(i);
      assertThat(result.get("id").asInt()).isEqualTo(i);
      assertThat(result.get("sample").asInt()).isZero();
      int[] tokens = ints(result.get("tokens"));
      assertThat(tokens).hasSizeBetween(1, 24);
      assertThat(result.get("logprobs")).hasSize(tokens.length);
      assertThat(result.get("text").asText()).isEqualTo(tokenizer.decode(tokens));
      assertThat(result.get("finishReason").asText())
          .isEqualTo(tokens[tokens.length - 1] == 0 ? "stop" : "length");
      assertThat(prompts.get(i)).contains(words(ints(result.get("promptTokens"))));
    }
    assertThat(results.stream().map(result -> result.get("finishReason").asText()))
        .contains("stop", "length");
    assertThat(tally.malformed()).isZero();
  }

  @Test
  void aResponseDependsNeitherOnTheOrderNorOnTheNumberOfOtherPrompts() throws Exception {
    List<String> prompts = prompts(40);
    generate(engine, 1, Output.input(prompts.toArray(String[]::new)));
    Map<Integer, int[]> together = tokensById(output);

    Collections.shuffle(prompts, new Random(9));
    Output shuffled = new Output();
    generate(engine, 1, Output.input(prompts.subList(0, 13).toArray(String[]::new)), shuffled);
    Map<Integer, int[]> some = tokensById(shuffled);

    assertThat(some).hasSize(13);
    some.forEach((id, tokens) -> assertThat(tokens).isEqualTo(together.get(id)));
    Output alone = new Output();
    generate(engine, 1, Output.input(prompts.getFirst()), alone);
    tokensById(alone).forEach((id, tokens) -> assertThat(tokens).isEqualTo(together.get(id)));
  }

  @Test
  void samplesOfAPromptComeOneAfterTheOther() throws Exception {
    generate(pairs, 2, Output.input("{'id':'a','prompt':'w3 w4'}", "{'prompt':'w5'}"));

    assertThat(output.objects().stream().map(o -> o.get("id").asText() + o.get("sample").asInt()))
        .containsExactly("a0", "a1", "20", "21");
    assertThat(ints(output.objects().get(0).get("tokens")))
        .isNotEqualTo(ints(output.objects().get(1).get("tokens")));
  }

  @Test
  void atTemperatureOneThereIsOneLogProbabilityPerTokenAndUnderATruncationTwo() throws Exception {
    generate(engine, 1, Output.input("{'prompt':'w3'}"));
    try (PolicyEngine truncated =
        Engines.start(folder, tokenizer, 1, 1, new SamplingLaw(1, 1, 1, 0), Set.of())) {
      generate(truncated, 1, Output.input("{'prompt':'w3'}"));
    }

    assertThat(output.objects().getFirst().has("samplingLogprobs")).isFalse();
    JsonNode truncated = output.objects().getLast();
    assertThat(truncated.get("samplingLogprobs")).hasSameSizeAs(truncated.get("logprobs"));
    for (JsonNode certain : truncated.get("samplingLogprobs")) {
      assertThat(certain.asDouble()).isCloseTo(0, within(1e-6));
    }
  }

  @Test
  void aStopTokenEndsAResponseAndIsItsLastToken() throws Exception {
    Set<Integer> stops = Set.of(1, 2, 3, 4, 5, 6, 7);
    try (PolicyEngine stopping =
        Engines.start(folder, tokenizer, 1, SLOTS, SamplingLaw.at(1), stops)) {
      generate(stopping, 1, Output.input(prompts(20).toArray(String[]::new)));
    }

    assertThat(output.objects())
        .hasSize(20)
        .allSatisfy(
            result -> {
              int[] tokens = ints(result.get("tokens"));
              assertThat(result.get("finishReason").asText()).isEqualTo("stop");
              assertThat(tokens[tokens.length - 1]).isLessThan(8);
              assertThat(Arrays.copyOf(tokens, tokens.length - 1)).doesNotContain(1, 2, 3, 4, 5);
            });
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "nonsense                      | it is not JSON",
        "{'prompt':''}                 | the prompt is empty; it needs at least one token",
        "{'tokens':[]}                 | the prompt is empty; it needs at least one token",
        "{'prompt':'w1 unheard-of'}    | the tokenizer refuses the prompt: ",
        "{'tokens':[1,16]}             | the policy knows ids from 0 to 15",
        "{'tokens':LONG}               | has 31 tokens, more than the 30 of --max-prompt-tokens",
        "{'tokens':LONGLONG}           | has 64 tokens, which leaves no room for a response",
      })
  void aMalformedLineIsToldAndTheRestGoesOn(String line, String error) throws Exception {
    String good = "{'prompt':'w1 w2'}";
    String bad =
        line.replace("LONGLONG", Collections.nCopies(64, 1).toString())
            .replace("LONG", Collections.nCopies(31, 1).toString());

    Tally tally = generate(engine, 1, Output.input(good, bad, good));

    List<JsonNode> results = output.objects();
    assertThat(results).hasSize(3);
    assertThat(results.get(1).get("line").asInt()).isEqualTo(2);
    assertThat(results.get(1).get("error").asText()).contains(error);
    assertThat(results.get(2).get("tokens")).isEqualTo(results.get(0).get("tokens"));
    assertThat(tally.malformed()).isOne();
  }

  @Test
  void theTemplateGoesAroundConversationsAndOnRequestAroundTexts() throws Exception {
    String[] lines = {
      "{'prompt':'w7'}",
      "{'messages':[{'role':'user','content':'w7'}]}",
      "{'messages':[{'role':'system','content':'w6'},{'role':'user','content':'w7'}]}"
    };
    PromptEncoder chatting = new PromptEncoder(tokenizer, true, Optional.of("w5"));

    GenerateStream.run(engine, LIMITS, chatting, 1, Output.input(lines), output.lines());
    generate(engine, 1, Output.input(lines));

    assertThat(output.objects().stream().map(o -> words(ints(o.get("promptTokens")))))
        .containsExactly(
            "w9 w5 w1 w7 w2",
            "w9 w5 w1 w7 w2",
            "w9 w6 w1 w7 w2",
            "w7",
            "w1 w7 w2",
            "w9 w6 w1 w7 w2");
  }

  @Test
  void aLineIsAnsweredWhileTheInputWaits() throws Exception {
    List<String> heard =
        Conversation.say(
            "{\"tokens\":[1]}",
            3,
            (in, out) -> GenerateStream.run(engine, LIMITS, encoder(), 1, in, out));

    assertThat(heard).hasSize(3).allMatch(line -> line.contains("\"tokens\":["));
  }

  @Test
  void anEndlessInputEndsWithTheOutput() {
    assertThatExceptionOfType(OutputFailure.class)
        .isThrownBy(
            () ->
                GenerateStream.run(
                    engine,
                    LIMITS,
                    encoder(),
                    1,
                    new Inputs.Repeated("{\"tokens\":[1,2,3]}\n"),
                    Output.closingAfter(20_000)))
        .satisfies(failure -> assertThat(failure.isClosedPipe()).isTrue());
  }

  @Test
  void aBrokenInputIsAnsweredAsFarAsItWasRead() throws Exception {
    InputStream broken =
        new SequenceInputStream(Output.input("{'tokens':[1,2]}"), new Inputs.BrokenInput());

    assertThatThrownBy(() -> generate(engine, 1, broken)).hasMessage("Input/output error");

    assertThat(output.objects()).hasSize(1);
  }

  @Test
  void anInterruptEndsIt() {
    Thread.currentThread().interrupt();

    assertThatExceptionOfType(InterruptedException.class)
        .isThrownBy(() -> generate(engine, 1, new Inputs.Repeated("{\"tokens\":[1,2,3]}\n")));
  }

  @Test
  void aStoppedEngineIsNoEndlessWait() throws Exception {
    PolicyEngine stopped = Engines.start(folder, tokenizer, 1, 1);
    stopped.close();

    assertThatExceptionOfType(EngineStoppedException.class)
        .isThrownBy(() -> generate(stopped, 1, Output.input("{'tokens':[1,2]}")));
  }

  private Tally generate(PolicyEngine with, int samples, InputStream in)
      throws IOException, InterruptedException {
    return generate(with, samples, in, output);
  }

  private static Tally generate(PolicyEngine with, int samples, InputStream in, Output to)
      throws IOException, InterruptedException {
    return GenerateStream.run(with, LIMITS, encoder(), samples, in, to.lines());
  }

  private static PromptEncoder encoder() {
    return new PromptEncoder(tokenizer, false, Optional.empty());
  }

  private static List<String> prompts(int count) {
    Random random = new Random(4);
    List<String> prompts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      prompts.add(
          "{'id':%d,'prompt':'%s'}"
              .formatted(i, words(random.ints(1 + random.nextInt(20), 1, 16).toArray())));
    }
    return prompts;
  }

  private static String words(int[] tokens) {
    return Arrays.stream(tokens).mapToObj(t -> "w" + t).collect(Collectors.joining(" "));
  }

  private static Map<Integer, int[]> tokensById(Output output) throws IOException {
    return output.objects().stream()
        .collect(Collectors.toMap(o -> o.get("id").asInt(), o -> ints(o.get("tokens"))));
  }

  private static int[] ints(JsonNode list) {
    int[] values = new int[list.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = list.get(i).asInt();
    }
    return values;
  }
}
