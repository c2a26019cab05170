package dev.drpo.policy.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.drpo.policy.CheckpointFolder;
import dev.drpo.policy.PolicyFormatException;
import dev.drpo.policy.PublishedModel;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Prompts against those that the Python library renders with the settings of transformers. */
class ChatTemplateTest {
  private static final List<ChatMessage> TURNS =
      List.of(
          new ChatMessage("system", " Be kind. "),
          new ChatMessage("user", "1 + 1?"),
          new ChatMessage("assistant", "2"));

  @TempDir Path folder;
  private CheckpointFolder checkpoint;

  @BeforeEach
  void writeCheckpoint() throws IOException {
    checkpoint = CheckpointFolder.writeTo(folder);
  }

  @TestFactory
  Stream<DynamicTest> promptsOfQwenAreThoseOfPython() throws IOException {
    return golden("qwen2.5-1.5b-instruct", "null");
  }

  @TestFactory
  Stream<DynamicTest> promptsOfDeepSeekAreThoseOfPython() throws IOException {
    return golden("deepseek-r1-distill-qwen-1.5b", "\"<｜begin▁of▁sentence｜>\"");
  }

  /** The template travels through the JSON of tokenizer_config.json, as published. */
  private Stream<DynamicTest> golden(String model, String beginOfSequence) throws IOException {
    String template = PublishedModel.text(model, "chat_template.jinja");
    checkpoint.write(
        "tokenizer_config.json",
        """
        {"chat_template": %s, "bos_token": %s}
        """
            .formatted(new ObjectMapper().writeValueAsString(template), beginOfSequence));
    ChatTemplate read = ChatTemplate.read(folder);
    return rows(PublishedModel.json(model, "golden-prompts.json"))
        .map(
            row ->
                dynamicTest(
                    row.path("name").asText() + " " + row.path("add_generation_prompt"),
                    () ->
                        assertThat(
                                read.render(
                                    messages(row.path("messages")),
                                    row.path("add_generation_prompt").asBoolean()))
                            .isEqualTo(row.path("text").asText())));
  }

  @TestFactory
  Stream<DynamicTest> whatTemplatesAreMadeOfMeansWhatItMeansInPython() throws IOException {
    try (InputStream in = getClass().getResourceAsStream("jinja-constructs.json")) {
      return rows(new ObjectMapper().readTree(in))
          .map(
              row ->
                  dynamicTest(
                      row.path("template").asText(),
                      () ->
                          assertThat(render(row.path("template").asText()))
                              .isEqualTo(row.path("text").asText())));
    }
  }

  @Test
  void aTemplateOfItsOwnFileGoesBeforeTheOneOfTheTokenizer() throws IOException {
    checkpoint.writeTemplate("old");
    checkpoint.write("chat_template.jinja", "new {{ messages[1].content }}\n");

    assertThat(ChatTemplate.read(folder).render(TURNS, true)).isEqualTo("new 1 + 1?");
  }

  @Test
  void ofNamedTemplatesTheDefaultIsUsed() throws IOException {
    checkpoint.write(
        "tokenizer_config.json",
        """
        {"chat_template": [{"name": "tool_use", "template": "tools"},
                           {"name": "default", "template": "plain"}]}
        """);

    assertThat(ChatTemplate.read(folder).render(TURNS, true)).isEqualTo("plain");
  }

  @Test
  void namedTemplatesWithoutADefaultAreRefusedWithTheirNames() throws IOException {
    Path file =
        checkpoint.write(
            "tokenizer_config.json",
            """
            {"chat_template": [{"name": "tool_use", "template": "tools"}]}
            """);

    assertThatThrownBy(() -> ChatTemplate.read(folder))
        .isInstanceOf(PolicyFormatException.class)
        .hasMessageContainingAll(file.toString(), "[tool_use]", "under the name default");
  }

  @Test
  void aTemplateThatRefusesAConversationSaysWhy() {
    assertThatThrownBy(() -> render("{{ raise_exception('roles must alternate') }}"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the chat template refuses the conversation: roles must alternate");
  }

  @Test
  void aTemplateKnowsTheDate() throws IOException {
    LocalDate today = LocalDate.now(ZoneId.systemDefault());
    assertThat(LocalDate.parse(render("{{ strftime_now('%Y-%m-%d') }}")))
        .isBetween(today.minusDays(1), today.plusDays(1));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      value = {
        "{{ messages | frobnicate }}# the filter frobnicate",
        "{% for m in messages if m.role == 'user' %}x{% endfor %}# a loop with a condition"
      })
  void aConstructThatWouldMeanSomethingElseIsRefused(String template, String construct)
      throws IOException {
    Path file = checkpoint.write("chat_template.jinja", template);

    assertThatThrownBy(() -> ChatTemplate.read(folder))
        .isInstanceOf(PolicyFormatException.class)
        .hasMessageContainingAll(file.toString(), "uses " + construct.strip(), "not supported");
  }

  @Test
  void aTemplateThatAsksForWhatThereIsNotIsRefusedByFile() throws IOException {
    checkpoint.writeTemplate("\n{{ messages[0].content.frobnicate() }}");

    assertThatThrownBy(() -> ChatTemplate.read(folder).render(TURNS, true))
        .isInstanceOf(PolicyFormatException.class)
        .hasMessageContainingAll("tokenizer_config.json", "frobnicate");
  }

  private String render(String template) throws IOException {
    checkpoint.write("chat_template.jinja", template);
    return ChatTemplate.read(folder).render(TURNS, true);
  }

  private static List<ChatMessage> messages(JsonNode turns) {
    List<ChatMessage> messages = new ArrayList<>();
    turns.forEach(
        turn ->
            messages.add(
                new ChatMessage(turn.path("role").asText(), turn.path("content").asText())));
    return messages;
  }

  private static Stream<JsonNode> rows(JsonNode list) {
    assertThat(list).isNotEmpty();
    return StreamSupport.stream(list.spliterator(), false);
  }
}
