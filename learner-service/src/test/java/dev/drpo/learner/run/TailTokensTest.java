package dev.drpo.learner.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drpo.objectives.TokenSpan;
import dev.drpo.proto.records.v1.Rollout;
import dev.drpo.proto.records.v1.Verdict;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TailTokensTest {
  /** Pieces of a text; an empty one is a special token. */
  private static final String[] WORDS = {"", "x = 5", "\n", "Wait", ", 5.", "</think>", "5"};

  private static final TailTokens WORD_TOKENS = TailTokens.by(TailTokensTest::words);
  private static final TailTokens BYTE_TOKENS = TailTokens.by(TailTokensTest::bytes);

  @Test
  void theTailIsTheTokensBetweenTheStatementAndTheEndOfTheReasoning() {
    // x = 5 | \n Wait, 5. | </think> 5, end of sequence.
    assertThat(WORD_TOKENS.of(rollout(1, 2, 3, 4, 5, 6, 0), tail(5, 14)))
        .isEqualTo(new TokenSpan(1, 4));
    assertThat(WORD_TOKENS.of(rollout(1, 2, 3, 4, 5, 6, 0), tail(6, 14)))
        .isEqualTo(new TokenSpan(2, 4));
  }

  @Test
  void aTokenAcrossTheBoundaryIsNoneOfIt() {
    // In the middle of "Wait", and before its end.
    assertThat(WORD_TOKENS.of(rollout(1, 2, 3, 4, 5), tail(7, 14))).isEqualTo(new TokenSpan(3, 4));
    assertThat(WORD_TOKENS.of(rollout(1, 2, 3, 4, 5), tail(6, 9))).isEqualTo(TokenSpan.NONE);
  }

  @Test
  void aVerdictWithoutATailHasNone() {
    assertThat(WORD_TOKENS.of(rollout(1, 2, 3, 4, 5), tail(0, 0))).isEqualTo(TokenSpan.NONE);
    assertThat(TailTokens.none().of(rollout(1, 2, 3, 4, 5), tail(5, 14))).isEqualTo(TokenSpan.NONE);
  }

  @Test
  void charactersAreCountedAsCodePointsWhoeverSpellsThem() {
    // Four tokens spell the first character, and two the second; Java has two for the first.
    String text = "\uD83D\uDE00\u00E9ab";
    Rollout rollout = rollout(text, spelled(text));
    assertThat(BYTE_TOKENS.of(rollout, tail(1, 4))).isEqualTo(new TokenSpan(4, 8));
    assertThat(BYTE_TOKENS.of(rollout, tail(2, 4))).isEqualTo(new TokenSpan(6, 8));
    assertThat(BYTE_TOKENS.of(rollout, tail(0, 1))).isEqualTo(new TokenSpan(0, 4));
    assertThat(BYTE_TOKENS.of(rollout, tail(0, 2))).isEqualTo(new TokenSpan(0, 6));
  }

  @Test
  void aTextOfAnotherTokenizerIsLeftAsItIs() {
    assertThat(WORD_TOKENS.of(rollout("x  =  5\nWait, 5.</think>", 1, 2, 3, 4, 5), tail(5, 14)))
        .isEqualTo(TokenSpan.NONE);
  }

  private static String words(int[] tokens) {
    StringBuilder text = new StringBuilder();
    Arrays.stream(tokens).forEach(token -> text.append(WORDS[token]));
    return text.toString();
  }

  private static String bytes(int[] tokens) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    Arrays.stream(tokens).forEach(bytes::write);
    return bytes.toString(StandardCharsets.UTF_8);
  }

  private static int[] spelled(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return IntStream.range(0, bytes.length).map(i -> bytes[i]).toArray();
  }

  private static Rollout rollout(int... tokens) {
    return rollout(words(tokens), tokens);
  }

  private static Rollout rollout(String text, int... tokens) {
    Rollout.Builder rollout = Rollout.newBuilder().setText(text);
    Arrays.stream(tokens).forEach(rollout::addTokens);
    return rollout.build();
  }

  private static Verdict tail(int start, int end) {
    return Verdict.newBuilder().setTailStart(start).setTailEnd(end).build();
  }
}
