package dev.drpo.cli.logprobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import com.fasterxml.jackson.databind.JsonNode;
import dev.drpo.cli.lines.Conversation;
import dev.drpo.cli.lines.Inputs;
import dev.drpo.cli.lines.Output;
import dev.drpo.cli.lines.OutputFailure;
import dev.drpo.policy.checkpoint.PolicyFolder;
import dev.drpo.policy.decoder.Decoder;
import dev.drpo.policy.engine.TensorEngine;
import dev.drpo.policy.reference.ReferenceDecoder;
import dev.drpo.policy.safetensors.ElementType;
import dev.drpo.policy.safetensors.Safetensors;
import dev.drpo.policy.trainer.PolicyScorer;
import dev.drpo.testkit.TinyPolicy;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class ScoreStreamTest {
  private static final double TOLERANCE = 1e-5;

  @TempDir Path folder;

  private final Output output = new Output();
  private NDManager manager;
  private ReferenceDecoder reference;
  private PolicyScorer policy;

  @BeforeEach
  void load() throws IOException {
    TensorEngine.setThreads(1);
    TensorEngine.prepareThread();
    manager = TensorEngine.newManager();
    PolicyFolder files = TinyPolicy.write(folder, 5, TinyPolicy.Preset.NARROW);
    try (Safetensors weights = files.openWeights()) {
      reference = ReferenceDecoder.read(manager, files.config(), weights, DataType.FLOAT64);
      policy = new PolicyScorer(Decoder.load(manager, files.config(), weights), ElementType.F32);
    }
  }

  @AfterEach
  void close() {
    policy.close();
    manager.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 40, 4096})
  void valuesAreThoseOfAnIndependentSoftmaxHoweverTheyAreBatched(int tokensPerBatch)
      throws Exception {
    int[][] sequences = sequences(40);

    score(tokensPerBatch, Output.input(lines(sequences)));

    List<JsonNode> results = output.objects();
    assertThat(results).hasSameSizeAs(sequences);
    for (int i = 0; i < sequences.length; i++) {
      assertThat(results.get(i).get("id").asInt()).isEqualTo(i);
      double[] values = values(results.get(i));
      assertThat(values).hasSize(sequences[i].length - 1);
      double[] expected = softmax(sequences[i]);
      for (int t = 0; t < values.length; t++) {
        assertThat(values[t]).isCloseTo(expected[t], within(TOLERANCE));
      }
    }
  }

  @Test
  void digitsGiveBackTheFloat() throws Exception {
    score(4096, Output.input("{'tokens':[1,2,3,4,5]}"));

    for (JsonNode value : output.objects().getFirst().get("logprobs")) {
      assertThat(Float.toString((float) value.asDouble())).isEqualTo(value.asText());
    }
  }

  @Test
  void temperatureDividesTheLogits() throws Exception {
    ScoreStream.run(policy, 1e9, 64, Output.input("{'tokens':[1,2,3]}"), output.lines());

    // So hot that every token is as likely as any other.
    for (double value : values(output.objects().getFirst())) {
      assertThat(value).isCloseTo(-Math.log(16), within(TOLERANCE));
    }
  }

  @Test
  void aLineCarriesItsIdentifierIfItHasOne() throws Exception {
    score(
        64,
        Output.input("{'id':'a','tokens':[1,2]}", "{'tokens':[1,2]}", "{'id':7.0,'tokens':[1]}"));

    assertThat(output.text().lines().toList())
        .satisfiesExactly(
            line -> assertThat(line).startsWith("{\"id\":\"a\",\"logprobs\":[-"),
            line -> assertThat(line).startsWith("{\"logprobs\":[-"),
            line -> assertThat(line).isEqualTo("{\"id\":7.0,\"logprobs\":[]}"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "nonsense                 | it is not JSON",
        "[1,2]                    | must be a JSON object with tokens",
        "{}                       | it has no tokens",
        "{'tokens':[]}            | tokens is empty",
        "{'tokens':7}             | tokens must be a list of token ids",
        "{'tokens':null}          | tokens must be a list of token ids",
        "{'tokens':['a']}         | item 0 is the text 'a'",
        "{'tokens':[1,[2]]}       | item 1 is a list",
        "{'tokens':[1,2.0]}       | item 1 is 2.0",
        "{'tokens':[1,null]}      | item 1 is null",
        "{'tokens':[1,16]}        | item 1 of tokens is 16, but the policy knows ids from 0 to 15",
        "{'tokens':[-1]}          | item 0 of tokens is -1",
        "{'tokens':[4294967297]}  | item 0 of tokens is 4294967297",
        "{'tokens':[99999999999999999999999]} | is 99999999999999999999…",
        "{'tokens':[1],'tokens':[2]} | Duplicate field 'tokens'",
        "{'tokens':[1            | it is not JSON",
        "{'tokens':[1],'x':NESTED}   | it is not JSON: Document nesting depth",
      })
  void aMalformedLineIsToldAndTheRestGoesOn(String line, String error) throws Exception {
    String good = "{'tokens':[1,2]}";
    String bad = line.replace("NESTED", "[".repeat(5000) + "]".repeat(5000));

    ScoreStream.Tally tally = score(64, Output.input(good, bad, good));

    List<JsonNode> results = output.objects();
    assertThat(results).hasSize(3);
    assertThat(results.get(1).get("line").asInt()).isEqualTo(2);
    assertThat(results.get(1).get("error").asText()).contains(error);
    assertThat(results.get(2)).isEqualTo(results.get(0));
    assertThat(tally).isEqualTo(new ScoreStream.Tally(2, 2, 1));
  }

  @Test
  void aSequenceMayFillTheContextAndNotExceedIt() throws Exception {
    score(
        64, Output.input("{'tokens':%s}".formatted(ones(64)), "{'tokens':%s}".formatted(ones(65))));

    assertThat(values(output.objects().get(0))).hasSize(63);
    assertThat(output.objects().get(1).get("error").asText())
        .isEqualTo("a sequence of 65 tokens exceeds the policy's context of 64");
  }

  @Test
  void whatWasReadIsWrittenBeforeTheInputIsWaitedFor() throws Exception {
    List<String> heard =
        Conversation.say(
            "{\"tokens\":[1]}", 3, (in, out) -> ScoreStream.run(policy, 1, 64, in, out));

    assertThat(heard)
        .containsExactly("{\"logprobs\":[]}", "{\"logprobs\":[]}", "{\"logprobs\":[]}");
  }

  @Test
  void anEndlessInputEndsWithTheOutput() {
    assertThatExceptionOfType(OutputFailure.class)
        .isThrownBy(
            () ->
                ScoreStream.run(
                    policy,
                    1,
                    4096,
                    new Inputs.Repeated("{\"tokens\":[1,2,3]}\n"),
                    Output.closingAfter(100_000)))
        .satisfies(failure -> assertThat(failure.isClosedPipe()).isTrue());
  }

  @Test
  void aBrokenInputIsScoredAsFarAsItWasRead() throws Exception {
    InputStream broken =
        new SequenceInputStream(Output.input("{'tokens':[1,2]}"), new Inputs.BrokenInput());

    assertThatThrownBy(() -> score(64, broken)).hasMessage("Input/output error");

    assertThat(output.objects()).hasSize(1);
  }

  @Test
  void anInterruptEndsIt() {
    Thread.currentThread().interrupt();

    assertThatExceptionOfType(InterruptedException.class)
        .isThrownBy(() -> score(64, new Inputs.Repeated("{\"tokens\":[1,2,3]}\n")));
  }

  private ScoreStream.Tally score(int tokensPerBatch, InputStream in)
      throws IOException, InterruptedException {
    return ScoreStream.run(policy, 1, tokensPerBatch, in, output.lines());
  }

  private double[] softmax(int[] sequence) {
    long[] ids = Arrays.stream(sequence).asLongStream().toArray();
    double[] logits = reference.logits(manager, ids, 1, ids.length);
    double[] values = new double[sequence.length - 1];
    for (int t = 0; t < values.length; t++) {
      double sum = 0;
      for (int v = 0; v < 16; v++) {
        sum += Math.exp(logits[16 * t + v]);
      }
      values[t] = logits[16 * t + sequence[t + 1]] - Math.log(sum);
    }
    return values;
  }

  private static double[] values(JsonNode result) {
    return StreamSupport.stream(result.get("logprobs").spliterator(), false)
        .mapToDouble(JsonNode::asDouble)
        .toArray();
  }

  private static int[][] sequences(int count) {
    Random random = new Random(2);
    return IntStream.range(0, count)
        .mapToObj(
            _ ->
                random
                    .ints(
                        1 + random.nextInt(TinyPolicy.Preset.NARROW.config().contextLength()),
                        0,
                        16)
                    .toArray())
        .toArray(int[][]::new);
  }

  private static String[] lines(int[][] sequences) {
    return IntStream.range(0, sequences.length)
        .mapToObj(i -> "{'id':%d,'tokens':%s}".formatted(i, Arrays.toString(sequences[i])))
        .toArray(String[]::new);
  }

  private static String ones(int count) {
    return Arrays.toString(IntStream.generate(() -> 1).limit(count).toArray());
  }
}
