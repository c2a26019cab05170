package dev.drpo.rollout.openai;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.junit.jupiter.api.Test;

class UnknownLogProbabilityTest {
  /** JSON has no NaN, and a caller would take a text for a number. */
  @Test
  void whatAnEngineDoesNotTellIsNull() {
    Piece text = new Piece("w", 0, List.of(new Piece.Token("w", 0, Float.NaN)));
    ObjectNode completion = JsonNodeFactory.instance.objectNode();
    new CompletionFormat().logProbabilities(completion, text);
    assertThat(completion.at("/logprobs/token_logprobs/0").isNull()).isTrue();
    ObjectNode chat = JsonNodeFactory.instance.objectNode();
    new ChatFormat().logProbabilities(chat, text);
    assertThat(chat.at("/logprobs/content/0/logprob").isNull()).isTrue();
  }
}
