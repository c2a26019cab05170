package dev.drpo.cli.generate;

import dev.drpo.policy.text.ChatMessage;
import java.util.List;

/** What a policy is to continue. */
sealed interface Prompt {
  /** A text. */
  record Text(String text) implements Prompt {}

  /** A conversation, which the policy's chat template makes a text of. */
  record Conversation(List<ChatMessage> messages) implements Prompt {
    public Conversation {
      messages = List.copyOf(messages);
    }
  }

  /** Token ids. */
  @SuppressWarnings("ArrayRecordComponent") // Compared by nobody; a list would box every token.
  record Tokens(int[] tokens) implements Prompt {}
}
