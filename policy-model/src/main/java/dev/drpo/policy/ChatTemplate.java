package dev.drpo.policy;

import com.hubspot.jinjava.Jinjava;
import com.hubspot.jinjava.JinjavaConfig;
import com.hubspot.jinjava.LegacyOverrides;
import com.hubspot.jinjava.interpret.RenderResult;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A checkpoint's Jinja chat template, which turns a conversation into the text that it continues.
 */
final class ChatTemplate {
  private final Jinjava jinjava =
      new Jinjava(
          JinjavaConfig.newBuilder()
              .withTrimBlocks(true)
              .withLstripBlocks(true)
              // Message contents are text: braces in a formula are no template.
              .withNestedInterpretationEnabled(false)
              // Whitespace control and operators as in Python, for which templates are written.
              .withLegacyOverrides(
                  LegacyOverrides.newBuilder()
                      .withUseTrimmingForNotesAndExpressions(true)
                      .withUseNaturalOperatorPrecedence(true)
                      .build())
              .withMaxOutputSize(64L << 20)
              .build());

  private final String source;
  private final Map<String, String> specialTokens;

  ChatTemplate(String source, Map<String, String> specialTokens) {
    // Jinja drops one newline at a template's end; jinjava keeps it.
    this.source = source.endsWith("\n") ? source.substring(0, source.length() - 1) : source;
    this.specialTokens = Map.copyOf(specialTokens);
  }

  /** Renders with the generation prompt, after which the policy answers. */
  String render(List<ChatMessage> messages) {
    List<Map<String, String>> turns =
        messages.stream()
            .map(message -> Map.of("role", message.role(), "content", message.content()))
            .toList();
    Map<String, Object> bindings = new HashMap<>(specialTokens);
    bindings.put("messages", turns);
    bindings.put("add_generation_prompt", true);
    RenderResult result = jinjava.renderForResult(source, bindings);
    if (!result.getErrors().isEmpty()) {
      throw new PolicyFormatException(
          "the chat_template of tokenizer_config.json failed: "
              + result.getErrors().getFirst().getMessage());
    }
    return result.getOutput();
  }
}
