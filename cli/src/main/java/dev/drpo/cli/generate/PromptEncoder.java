package dev.drpo.cli.generate;

import dev.drpo.policy.PolicyFormatException;
import dev.drpo.policy.text.ChatMessage;
import dev.drpo.policy.text.PolicyTokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Turns prompts into token ids.
 *
 * @param chat whether a text is what a user says in a conversation
 * @param system what a conversation begins with that has no system message of its own
 */
record PromptEncoder(PolicyTokenizer tokenizer, boolean chat, Optional<String> system) {

  /** Token ids of a prompt; there is at least one. */
  int[] encode(Prompt prompt) throws RefusedPrompt {
    int[] tokens =
        switch (prompt) {
          case Prompt.Text(String text) when chat ->
              encode(rendered(List.of(new ChatMessage("user", text))));
          case Prompt.Text(String text) -> encode(text);
          case Prompt.Conversation(List<ChatMessage> messages) -> encode(rendered(messages));
          case Prompt.Tokens(int[] ids) -> ids;
        };
    if (tokens.length == 0) {
      throw new RefusedPrompt("the prompt is empty; it needs at least one token");
    }
    return tokens;
  }

  private String rendered(List<ChatMessage> messages) throws RefusedPrompt {
    try {
      return tokenizer.render(withSystem(messages));
    } catch (IllegalArgumentException | PolicyFormatException e) {
      throw new RefusedPrompt(e.getMessage());
    }
  }

  private List<ChatMessage> withSystem(List<ChatMessage> messages) {
    if (system.isEmpty() || messages.getFirst().role().equals("system")) {
      return messages;
    }
    List<ChatMessage> all = new ArrayList<>(messages);
    all.addFirst(new ChatMessage("system", system.get()));
    return all;
  }

  private int[] encode(String text) throws RefusedPrompt {
    try {
      return tokenizer.encode(text);
    } catch (RuntimeException e) {
      // The native tokenizer has no narrower type for a text that its vocabulary can't spell.
      throw new RefusedPrompt("the tokenizer refuses the prompt: " + e.getMessage());
    }
  }
}
