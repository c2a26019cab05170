package dev.drpo.cli.sft;

import dev.drpo.policy.text.ChatMessage;
import java.util.List;

/** A prompt and the response to learn, as a line has them. */
sealed interface Trace {

  /** A conversation and what the assistant answers to it. */
  record Conversation(List<ChatMessage> messages, String answer) implements Trace {}

  /** Texts that stand as they are. */
  record Texts(String prompt, String response) implements Trace {}

  /** Token ids, where text could be spelled otherwise. */
  record Tokens(int[] prompt, int[] response) implements Trace {}
}
