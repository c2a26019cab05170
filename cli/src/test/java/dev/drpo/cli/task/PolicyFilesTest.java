package dev.drpo.cli.task;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.drpo.policy.text.ChatMessage;
import dev.drpo.policy.text.PolicyTokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PolicyFilesTest {
  @TempDir static Path folder;

  private static HuggingFaceTokenizer tokenizer;

  @BeforeAll
  static void loadTheTokenizer() throws IOException {
    PolicyFiles.write(folder);
    tokenizer =
        HuggingFaceTokenizer.newInstance(
            folder.resolve("tokenizer.json"), Map.of("addSpecialTokens", "false"));
  }

  @AfterAll
  static void closeTheTokenizer() {
    tokenizer.close();
  }

  @Test
  void theVocabularyHasFortySixDifferentTokens() {
    assertThat(Vocabulary.TOKENS).hasSize(46).doesNotHaveDuplicates();
  }

  @Test
  void everyTokenSurvivesEncodingAndDecoding() {
    for (int id = 0; id < Vocabulary.TOKENS.size(); id++) {
      String token = Vocabulary.TOKENS.get(id);
      assertThat(tokenizer.encode(token).getIds()).as(token).containsExactly(id);
      assertThat(tokenizer.decode(new long[] {id}, false)).isEqualTo(token);
    }
  }

  @Test
  void promptsAndTracesAreTokenizedWordByWord() {
    var generator = new ProblemGenerator(new Random(1));
    var writer = new TraceWriter(TraceMix.LONG_WINDED, new Random(2));
    for (int i = 0; i < 300; i++) {
      ArithmeticProblem problem = generator.next(Split.TRAIN);
      Trace trace = writer.write(problem);
      assertThat(tokenizer.encode(problem.prompt()).getIds())
          .isEqualTo(longs(WordIds.prompt(problem)));
      assertThat(tokenizer.encode(trace.text() + " <eos>").getIds())
          .isEqualTo(longs(WordIds.response(trace)))
          .hasSize(trace.length());
    }
  }

  @Test
  void decodingAResponseGivesTheTextThatTheVerifierParses() {
    var generator = new ProblemGenerator(new Random(3));
    var writer = new TraceWriter(TraceMix.LONG_WINDED, new Random(4));
    for (int i = 0; i < 300; i++) {
      Trace trace = writer.write(generator.next(Split.TRAIN));
      String decoded = tokenizer.decode(longs(WordIds.response(trace)), true);
      assertThat(decoded)
          .isEqualTo(trace.text())
          .endsWith(" </think> \\boxed{ " + trace.answer() + " }");
    }
  }

  @Test
  void theChatTemplateRendersAProblemAsItsPrompt() {
    var generator = new ProblemGenerator(new Random(5));
    try (PolicyTokenizer policyTokenizer = PolicyTokenizer.load(folder)) {
      for (int i = 0; i < 100; i++) {
        ArithmeticProblem problem = generator.next(Split.TRAIN);
        String rendered =
            policyTokenizer.render(List.of(new ChatMessage("user", problem.prompt())));
        assertThat(rendered).isEqualTo(problem.prompt());
        assertThat(policyTokenizer.encode(rendered)).isEqualTo(WordIds.prompt(problem));
      }
      assertThat(policyTokenizer.endOfSequence())
          .containsExactly(Vocabulary.id(Vocabulary.END_OF_SEQUENCE));
    }
  }

  @Test
  void aWordThatThePolicyDoesNotKnowIsAnError() {
    assertThatThrownBy(() -> tokenizer.encode("12 a / 3 ?")).hasMessageContaining("UNK");
  }

  @Test
  void theFilesAgreeOnTheVocabularyAndTheSpecialTokens() throws IOException {
    JsonNode config = read("config.json");
    JsonNode generation = read("generation_config.json");
    JsonNode tokenizerConfig = read("tokenizer_config.json");
    assertThat(config.get("vocab_size").asInt()).isEqualTo(46);
    assertThat(config.get("hidden_size").asInt())
        .isEqualTo(config.get("num_attention_heads").asInt() * config.get("head_dim").asInt());
    for (JsonNode file : new JsonNode[] {config, generation}) {
      assertThat(file.get("eos_token_id").asInt())
          .isEqualTo(Vocabulary.TOKENS.indexOf(tokenizerConfig.get("eos_token").asText()));
      assertThat(file.get("pad_token_id").asInt())
          .isEqualTo(Vocabulary.TOKENS.indexOf(tokenizerConfig.get("pad_token").asText()));
    }
    assertThat(read("tokenizer.json").at("/model/vocab")).hasSize(46);
  }

  private static JsonNode read(String file) throws IOException {
    return new ObjectMapper().readTree(Files.readString(folder.resolve(file), UTF_8));
  }

  private static long[] longs(int[] ids) {
    return Arrays.stream(ids).asLongStream().toArray();
  }
}
