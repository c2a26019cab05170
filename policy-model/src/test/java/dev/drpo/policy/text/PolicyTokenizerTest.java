package dev.drpo.policy.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drpo.policy.CheckpointFolder;
import dev.drpo.policy.PolicyFormatException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PolicyTokenizerTest {
  private static final List<ChatMessage> QUESTION =
      List.of(new ChatMessage("user", "What is 1 + 1?"));

  @TempDir Path folder;
  private CheckpointFolder checkpoint;

  @BeforeEach
  void writeCheckpoint() throws IOException {
    checkpoint = CheckpointFolder.writeTo(folder);
  }

  @Test
  void textBecomesTokensAndTextAgain() {
    try (PolicyTokenizer tokenizer = PolicyTokenizer.load(folder)) {
      int[] tokens = tokenizer.encode("one and two<|end|>");

      assertThat(tokens).containsExactly(1, 2, 3, 5);
      assertThat(tokenizer.decode(tokens)).isEqualTo("one and two");
    }
  }

  /**
   * DeepSeek marks thoughts with tokens that are added but not special, so that text shows them.
   */
  @Test
  void addedTokensAreOneTokenAndOnlySpecialOnesAreLeftOut() throws IOException {
    String thinking =
        """
        "special": true}, {"id": 6, "content": "<think>", "single_word": false, "lstrip": false,
          "rstrip": false, "normalized": false, "special": false}],
        """
            .strip();
    checkpoint.write(
        "tokenizer.json", CheckpointFolder.TOKENIZER.replace("\"special\": true}],", thinking));
    try (PolicyTokenizer tokenizer = PolicyTokenizer.load(folder)) {
      int[] tokens = tokenizer.encode("one<think>two<|end|>");

      assertThat(tokens).containsExactly(1, 6, 3, 5);
      assertThat(tokenizer.decode(tokens)).contains("<think>").doesNotContain("<|end|>");
    }
  }

  /** A prompt that a template renders holds its special tokens as text. */
  @Test
  void theSpecialTokensOfARenderedPromptAreRecognised() throws IOException {
    checkpoint.writeTemplate("{{ messages[0].content }}{{ eos_token }}one");
    try (PolicyTokenizer tokenizer = PolicyTokenizer.load(folder)) {
      String prompt = tokenizer.render(List.of(new ChatMessage("user", "two")));

      assertThat(tokenizer.encode(prompt)).containsExactly(3, 5, 1);
    }
  }

  @Test
  void aConversationMayEndWithoutThePromptToAnswer() {
    try (PolicyTokenizer tokenizer = PolicyTokenizer.load(folder)) {
      assertThat(tokenizer.render(QUESTION, true))
          .isEqualTo(tokenizer.render(QUESTION, false) + "<|im_start|>assistant\n");
    }
  }

  @Test
  void aConversationEndsWhereTheAssistantBegins() {
    assertThat(render(QUESTION))
        .isEqualTo(
            """
            <|im_start|>system
            Be brief.<|im_end|>
            <|im_start|>user
            What is 1 + 1?<|im_end|>
            <|im_start|>assistant
            """);
  }

  @Test
  void everyTurnIsRenderedInItsOrder() {
    List<ChatMessage> conversation =
        List.of(
            new ChatMessage("system", "Be kind."),
            new ChatMessage("user", "1 + 1?"),
            new ChatMessage("assistant", "2"),
            new ChatMessage("user", "Thanks"));

    assertThat(render(conversation))
        .isEqualTo(
            """
            <|im_start|>system
            Be kind.<|im_end|>
            <|im_start|>user
            1 + 1?<|im_end|>
            <|im_start|>assistant
            2<|im_end|>
            <|im_start|>user
            Thanks<|im_end|>
            <|im_start|>assistant
            """);
  }

  /** LaTeX is full of braces, and a problem may even show a template. */
  @Test
  void aMessageIsTextAndNeverATemplate() {
    String content = "\\frac{{1}}{{2}} {{ messages }} {% for x in y %} {# gone? #} <b> & 'q' \\n";

    assertThat(render(List.of(new ChatMessage("user", content)))).contains(content);
  }

  @Test
  void specialTokensAreKnownToTheTemplate() throws IOException {
    checkpoint.writeTemplate(
        "{{ bos_token }}{% for m in messages %}{{ m['content'] }}{{ eos_token }}{% endfor %}"
            + "{{ pad_token }}");

    assertThat(render(QUESTION)).isEqualTo("<|begin|>What is 1 + 1?<|end|>");
  }

  /** As Jinja has it, and so as the checkpoint was trained. */
  @Test
  void whitespaceIsTrimmedWhereTheTemplateSaysSo() throws IOException {
    checkpoint.writeTemplate(
        "a  {{- 'b' }}  c  {{ 'd' -}}  e\n  {% if true %}\n  f\n  {% endif %}\ng {#- h -#} i\n");

    assertThat(render(QUESTION)).isEqualTo("ab  c  de\n  f\ngi");
  }

  @Test
  void loopStateIsKnownToTheTemplate() throws IOException {
    checkpoint.writeTemplate(
        "{% for m in messages %}{{ loop.index0 }}{% if not loop.last %},{% endif %}{% endfor %}");

    assertThat(render(List.of(QUESTION.getFirst(), QUESTION.getFirst(), QUESTION.getFirst())))
        .isEqualTo("0,1,2");
  }

  @Test
  void aTemplateThatFailsIsRefused() throws IOException {
    checkpoint.writeTemplate("{% for m in messages %}{{ m.content }}");

    assertThatThrownBy(() -> render(QUESTION))
        .isInstanceOf(PolicyFormatException.class)
        .hasMessageContainingAll("chat template of", "tokenizer_config.json failed");
  }

  @Test
  void endOfSequenceIsANumberOrAList() throws IOException {
    checkpoint.write("generation_config.json", "{\"eos_token_id\": [5, 2]}");
    try (PolicyTokenizer tokenizer = PolicyTokenizer.load(folder)) {
      assertThat(tokenizer.endOfSequence()).containsExactlyInAnyOrder(5, 2);
    }
    checkpoint.write("generation_config.json", "{\"eos_token_id\": 4}");
    try (PolicyTokenizer tokenizer = PolicyTokenizer.load(folder)) {
      assertThat(tokenizer.endOfSequence()).containsExactly(4);
    }
  }

  @Test
  void withoutEndOfSequenceATokenizerIsRefused() throws IOException {
    Path file = checkpoint.write("generation_config.json", "{\"eos_token_id\": []}");

    requireRefused(file, "no eos_token_id");
  }

  @Test
  void withoutChatTemplateATokenizerIsRefused() throws IOException {
    Path file = checkpoint.write("tokenizer_config.json", "{}");

    requireRefused(file, "no chat_template");
  }

  @Test
  void aTokenizerThatCannotBeLoadedIsRefused() throws IOException {
    Path file = checkpoint.write("tokenizer.json", "{\"model\": 7}");

    requireRefused(file, "can't be loaded");
  }

  private void requireRefused(Path file, String reason) {
    assertThatThrownBy(() -> PolicyTokenizer.load(folder).close())
        .isInstanceOf(PolicyFormatException.class)
        .hasMessageContainingAll(file.toString(), reason);
  }

  private String render(List<ChatMessage> messages) {
    try (PolicyTokenizer tokenizer = PolicyTokenizer.load(folder)) {
      return tokenizer.render(messages);
    }
  }
}
