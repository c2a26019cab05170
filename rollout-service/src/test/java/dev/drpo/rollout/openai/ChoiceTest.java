package dev.drpo.rollout.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drpo.generation.FinishReason;
import dev.drpo.generation.SampledResponse;
import dev.drpo.generation.VersionSpan;
import dev.drpo.policy.checkpoint.PolicyVersion;
import dev.drpo.testkit.TinyPolicy;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With a tokenizer whose tokens are bytes, as in the middle of a character of any real one. */
class ChoiceTest {
  private static final int END = 256;

  @TempDir private static Path folder;
  private static PolicyVersion version;

  @BeforeAll
  static void name() throws Exception {
    version = TinyPolicy.version(0, TinyPolicy.weights(folder.resolve("policy.safetensors"), 1));
  }

  @Test
  void piecesOfAnyTextAndAnyStopsJoinToTheWhole() {
    Random random = new Random(1);
    List<String> alphabet = List.of("a", "b", "é", "数", "🙂", " ");
    for (int round = 0; round < 2000; round++) {
      String text = draw(alphabet, 1 + random.nextInt(12), random);
      List<String> stops = new ArrayList<>();
      for (int i = random.nextInt(3); i > 0; i--) {
        stops.add(draw(alphabet, 1 + random.nextInt(3), random));
      }
      SampledResponse response = response(text);
      Choice whole = choice(stops);
      whole.finish(response);
      Choice streamed = choice(stops);
      List<Piece> pieces = new ArrayList<>();
      for (int i = 0; i < response.tokens().length; i++) {
        streamed.add(response.tokens()[i], response.logProbabilities()[i]);
        if (random.nextBoolean()) {
          pieces.add(streamed.take());
        }
      }
      streamed.finish(response);
      pieces.add(streamed.take());

      int cut = stops.stream().mapToInt(text::indexOf).filter(at -> at >= 0).min().orElse(-1);
      Piece expected = whole.take();
      assertThat(expected.text())
          .as("%s with stops %s", text, stops)
          .isEqualTo(cut < 0 ? text : text.substring(0, cut));
      assertThat(pieces.stream().map(Piece::text).collect(Collectors.joining()))
          .isEqualTo(expected.text());
      assertThat(pieces.stream().flatMap(piece -> piece.tokens().stream()).toList())
          .isEqualTo(expected.tokens());
      assertThat(expected.tokens().stream().map(Piece.Token::text).collect(Collectors.joining()))
          .isEqualTo(expected.text());
      assertThat(streamed.end()).isEqualTo(whole.end());
      assertThat(streamed.sampled()).isEqualTo(whole.sampled());
    }
  }

  @Test
  void theStartOfAStopIsHeldBackUntilItIsNone() {
    Choice choice = choice(List.of("abc"));
    choice.add('x', -1);
    choice.add('a', -2);
    choice.add('b', -3);
    assertThat(choice.take().text()).isEqualTo("x");
    choice.add('a', -4);
    assertThat(choice.take().text()).isEqualTo("ab");
    choice.add('b', -5);
    choice.add('c', -6);
    assertThat(choice.end()).contains(FinishReason.STOP);
    assertThat(choice.take().isEmpty()).isTrue();
    assertThat(choice.sampled()).isEqualTo(6);
  }

  @Test
  void aCharacterComesWithTheLastOfItsTokens() {
    Choice choice = choice(List.of());
    byte[] bytes = "é".getBytes(StandardCharsets.UTF_8);
    choice.add(Byte.toUnsignedInt(bytes[0]), -1);
    assertThat(choice.take().isEmpty()).isTrue();
    choice.add(Byte.toUnsignedInt(bytes[1]), -2);
    Piece piece = choice.take();
    assertThat(piece.text()).isEqualTo("é");
    assertThat(piece.tokens())
        .containsExactly(new Piece.Token("", 0, -1), new Piece.Token("é", 0, -2));
  }

  @Test
  void aResponseThatEndsWithinACharacterShowsThat() {
    Choice choice = choice(List.of());
    choice.finish(
        new SampledResponse(
            new int[] {'a', 0xC3},
            new float[] {-1, -2},
            new float[] {-1, -2},
            FinishReason.LENGTH,
            List.of(new VersionSpan(version, 2))));
    assertThat(choice.take().text()).isEqualTo("a\uFFFD");
    assertThat(choice.end()).contains(FinishReason.LENGTH);
  }

  private static Choice choice(List<String> stops) {
    return new Choice(0, stops, ChoiceTest::decode);
  }

  private static SampledResponse response(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    int[] tokens = new int[bytes.length + 1];
    float[] logProbabilities = new float[tokens.length];
    for (int i = 0; i < bytes.length; i++) {
      tokens[i] = Byte.toUnsignedInt(bytes[i]);
      logProbabilities[i] = -i;
    }
    tokens[bytes.length] = END;
    return new SampledResponse(
        tokens,
        logProbabilities,
        logProbabilities,
        FinishReason.STOP,
        List.of(new VersionSpan(version, tokens.length)));
  }

  private static String decode(int[] tokens) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int token : tokens) {
      if (token != END) {
        bytes.write(token);
      }
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  private static String draw(List<String> alphabet, int count, Random random) {
    return random
        .ints(count, 0, alphabet.size())
        .mapToObj(alphabet::get)
        .collect(Collectors.joining());
  }
}
