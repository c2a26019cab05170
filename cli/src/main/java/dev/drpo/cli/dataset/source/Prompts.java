package dev.drpo.cli.dataset.source;

import dev.drpo.policy.text.ChatMessage;
import dev.drpo.problems.curation.Instruction;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Makes the conversation that a policy answers.
 *
 * @param system text of the system message, in the place of the source's own
 * @param suffix sentence behind the problem; empty for the paper's behind bare problems and none
 *     behind conversations, which bring their own
 */
public record Prompts(Optional<String> system, Optional<String> suffix) {
  private static final String SYSTEM = "system";
  private static final String USER = "user";

  /** Of a bare problem. */
  List<ChatMessage> ofProblem(String problem) {
    String asked = withSuffix(problem, suffix.orElse(Instruction.PAPER.text()));
    return withSystem(List.of(new ChatMessage(USER, asked)));
  }

  /** Of a conversation that the source brings. */
  List<ChatMessage> ofConversation(List<ChatMessage> given) {
    List<ChatMessage> messages = new ArrayList<>(given);
    for (int i = messages.size() - 1; i >= 0; i--) {
      if (messages.get(i).role().equals(USER)) {
        String content = withSuffix(messages.get(i).content(), suffix.orElse(""));
        messages.set(i, new ChatMessage(USER, content));
        break;
      }
    }
    return withSystem(messages);
  }

  private static String withSuffix(String problem, String suffix) {
    return suffix.isEmpty() || problem.strip().endsWith(suffix) ? problem : problem + " " + suffix;
  }

  private List<ChatMessage> withSystem(List<ChatMessage> messages) {
    if (system.isEmpty()) {
      return List.copyOf(messages);
    }
    List<ChatMessage> all = new ArrayList<>();
    all.add(new ChatMessage(SYSTEM, system.get()));
    messages.stream().filter(message -> !message.role().equals(SYSTEM)).forEach(all::add);
    return all;
  }
}
