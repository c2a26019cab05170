package dev.drpo.cli.sft;

import dev.drpo.policy.PolicyFormatException;
import dev.drpo.policy.text.ChatMessage;
import dev.drpo.policy.text.PolicyTokenizer;
import dev.drpo.policy.trainer.MicroBatch.Sequence;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Turns traces into the tokens that the policy would have read and drawn: the prompt as it is when
 * responses are sampled, the response for itself, and the end-of-sequence token, which is added
 * where it is missing.
 *
 * @param endToken what is added
 * @param vocabularySize of the policy, which may know fewer tokens than its tokenizer
 */
record TraceEncoder(PolicyTokenizer tokenizer, int endToken, int vocabularySize) {
  /** What a chat template may have opened at the end of a prompt, such as {@code <think>}. */
  private static final Pattern OPENED = Pattern.compile("(<\\w+>)\\s*$");

  /**
   * The tokens of a trace.
   *
   * @throws RefusedTrace if there are none, or they end before their end
   */
  Sequence encode(Trace trace) throws RefusedTrace {
    return switch (trace) {
      case Trace.Conversation(List<ChatMessage> messages, String answer) -> {
        String prompt = rendered(messages);
        refuseRepeatedOpening(prompt, answer);
        yield sequence(encode(prompt), encode(answer));
      }
      case Trace.Texts(String prompt, String response) ->
          sequence(encode(prompt), encode(response));
      case Trace.Tokens(int[] prompt, int[] response) -> sequence(prompt, response);
    };
  }

  private Sequence sequence(int[] prompt, int[] response) throws RefusedTrace {
    if (prompt.length == 0) {
      throw new RefusedTrace("the prompt is empty; it needs at least one token");
    }
    if (response.length == 0) {
      throw new RefusedTrace("the response is empty; leave the line out");
    }
    for (int i = 0; i < response.length - 1; i++) {
      if (isEnd(response[i])) {
        throw new RefusedTrace(
            "token %d of the response (id %d) ends a response, but others follow; cut them off"
                .formatted(i, response[i]));
      }
    }
    return new Sequence(prompt, ended(response));
  }

  private int[] ended(int[] response) {
    if (isEnd(response[response.length - 1])) {
      return response;
    }
    int[] longer = Arrays.copyOf(response, response.length + 1);
    longer[response.length] = endToken;
    return longer;
  }

  private boolean isEnd(int token) {
    return tokenizer.endOfSequence().contains(token);
  }

  private static void refuseRepeatedOpening(String prompt, String answer) throws RefusedTrace {
    Matcher opened = OPENED.matcher(prompt);
    if (opened.find() && answer.stripLeading().startsWith(opened.group(1))) {
      throw new RefusedTrace(
          "the chat template ends the prompt with %s, with which the answer begins again; leave it out there"
              .formatted(opened.group(1)));
    }
  }

  private String rendered(List<ChatMessage> messages) throws RefusedTrace {
    try {
      return tokenizer.render(messages);
    } catch (IllegalArgumentException | PolicyFormatException e) {
      throw new RefusedTrace(e.getMessage());
    }
  }

  private int[] encode(String text) throws RefusedTrace {
    int[] tokens = tokens(text);
    for (int token : tokens) {
      if (token >= vocabularySize) {
        throw new RefusedTrace(
            "the tokenizer makes token %d of it, but the policy knows ids from 0 to %d; check that they belong together"
                .formatted(token, vocabularySize - 1));
      }
    }
    return tokens;
  }

  private int[] tokens(String text) throws RefusedTrace {
    try {
      return tokenizer.encode(text);
    } catch (RuntimeException e) {
      // The native tokenizer has no narrower type for a text that its vocabulary can't spell.
      throw new RefusedTrace("the tokenizer refuses the text: " + e.getMessage());
    }
  }
}
