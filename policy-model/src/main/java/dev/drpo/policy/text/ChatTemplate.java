package dev.drpo.policy.text;

import com.fasterxml.jackson.databind.JsonNode;
import dev.drpo.policy.PolicyFormatException;
import dev.drpo.policy.checkpoint.ModelConfig;
import dev.drpo.policy.text.jinja.JinjaTemplate;
import dev.drpo.policy.text.jinja.RefusedConversation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A checkpoint's Jinja chat template, which turns a conversation into the text that it continues.
 */
final class ChatTemplate {
  private static final String DEFAULT = "default";

  private final JinjaTemplate template;
  private final Map<String, String> specialTokens;

  private ChatTemplate(Path file, String source, Map<String, String> specialTokens) {
    this.template = new JinjaTemplate("the chat template of " + file, source);
    this.specialTokens = Map.copyOf(specialTokens);
  }

  /**
   * Finds a folder's template: {@code chat_template.jinja}, which newer releases of transformers
   * write, or else {@code chat_template} of {@code tokenizer_config.json}, which is a text or a
   * list of named texts with one named {@code default}.
   *
   * @throws PolicyFormatException if there is none, or it is not supported
   */
  static ChatTemplate read(Path folder) {
    Path config = folder.resolve("tokenizer_config.json");
    JsonNode settings = ModelConfig.readJson(config);
    Map<String, String> tokens = specialTokens(settings);
    Path file = folder.resolve("chat_template.jinja");
    if (Files.exists(file)) {
      try {
        return new ChatTemplate(file, Files.readString(file), tokens);
      } catch (IOException e) {
        throw new PolicyFormatException(file + " can't be read: " + e.getMessage(), e);
      }
    }
    return new ChatTemplate(config, text(config, settings.path("chat_template")), tokens);
  }

  private static String text(Path config, JsonNode template) {
    if (template.isTextual()) {
      return template.asText();
    }
    List<String> names = new ArrayList<>();
    for (JsonNode named : template) {
      names.add(named.path("name").asText());
      if (names.getLast().equals(DEFAULT) && named.path("template").isTextual()) {
        return named.path("template").asText();
      }
    }
    throw new PolicyFormatException(
        config
            + (names.isEmpty() ? " has no chat_template" : " has only the chat templates " + names)
            + "; use a chat checkpoint or add the template it was trained with"
            + (names.isEmpty() ? "" : " under the name " + DEFAULT));
  }

  private static Map<String, String> specialTokens(JsonNode settings) {
    Map<String, String> tokens = new HashMap<>();
    for (String name : List.of("bos_token", "eos_token", "pad_token", "unk_token")) {
      JsonNode token = settings.path(name);
      // Older checkpoints wrap the text in an object.
      String text = token.isObject() ? token.path("content").asText() : token.asText("");
      if (!text.isEmpty() && !token.isNull()) {
        tokens.put(name, text);
      }
    }
    return tokens;
  }

  /**
   * Renders a conversation.
   *
   * @param addGenerationPrompt whether the text ends where the policy answers
   * @throws IllegalArgumentException if the template refuses the conversation
   * @throws PolicyFormatException if the template fails
   */
  String render(List<ChatMessage> messages, boolean addGenerationPrompt) {
    List<Map<String, String>> turns = messages.stream().map(ChatTemplate::turn).toList();
    Map<String, Object> bindings = new HashMap<>(specialTokens);
    bindings.put("messages", turns);
    bindings.put("add_generation_prompt", addGenerationPrompt);
    try {
      return template.render(bindings);
    } catch (RefusedConversation e) {
      throw new IllegalArgumentException(
          "the chat template refuses the conversation: " + e.getMessage(), e);
    }
  }

  private static Map<String, String> turn(ChatMessage message) {
    Map<String, String> turn = new LinkedHashMap<>();
    turn.put("role", message.role());
    turn.put("content", message.content());
    return turn;
  }
}
