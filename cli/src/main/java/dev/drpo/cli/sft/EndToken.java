package dev.drpo.cli.sft;

import com.fasterxml.jackson.databind.JsonNode;
import dev.drpo.cli.exit.UsageError;
import dev.drpo.policy.checkpoint.ModelConfig;
import dev.drpo.policy.text.PolicyTokenizer;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;

/** The token that a response gets which does not end with one. */
final class EndToken {
  private EndToken() {}

  /**
   * Finds it: {@code eos_token} of {@code tokenizer_config.json}, which in chat checkpoints ends a
   * turn, if it is one of the tokens that end a response; else the only one that does.
   *
   * @param folder of the tokenizer's files
   * @throws UsageError if there are several and none is named
   */
  static int of(Path folder, PolicyTokenizer tokenizer) {
    Set<Integer> ends = tokenizer.endOfSequence();
    JsonNode named =
        ModelConfig.readJson(folder.resolve("tokenizer_config.json")).path("eos_token");
    // Older checkpoints wrap the text in an object.
    String text = named.isObject() ? named.path("content").asText() : named.asText("");
    if (!text.isEmpty()) {
      int[] ids = tokenizer.encode(text);
      if (ids.length == 1 && ends.contains(ids[0])) {
        return ids[0];
      }
    }
    if (ends.size() == 1) {
      return ends.iterator().next();
    }
    throw new UsageError(
        "%s: several tokens end a response, %s, and eos_token of tokenizer_config.json is none of them; name the one that ends a turn there"
            .formatted(folder, new TreeSet<>(ends)));
  }
}
