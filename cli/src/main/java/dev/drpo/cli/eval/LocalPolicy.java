package dev.drpo.cli.eval;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.drpo.cli.exit.UsageError;
import dev.drpo.policy.checkpoint.PolicyDigest;
import dev.drpo.policy.checkpoint.PolicyFolder;
import dev.drpo.policy.safetensors.Safetensors;
import dev.drpo.policy.text.PolicyTokenizer;
import dev.drpo.problems.Problem;
import dev.drpo.problems.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;

/**
 * A policy of this machine.
 *
 * @param tokenizer of the folder; the caller closes it
 */
record LocalPolicy(PolicyFolder folder, PolicyTokenizer tokenizer) {

  /** Token ids of what the policy continues. */
  int[] prompt(Problem problem) {
    return tokenizer.encode(tokenizer.render(problem.messages()));
  }

  /**
   * Tokens of the longest prompt.
   *
   * @throws UsageError if a problem's prompt can't be made, or leaves no room for a response
   */
  int longestPrompt(List<EvalSet> sets) {
    int context = folder.config().contextLength();
    int longest = 1;
    for (EvalSet set : sets) {
      for (Problem problem : set.problems()) {
        int tokens = promptTokens(set, problem);
        if (tokens == 0 || tokens >= context) {
          throw refused(
              set,
              problem,
              String.format(
                  Locale.ROOT,
                  "its prompt has %,d tokens; it must have at least one, and leave room for a"
                      + " response in the policy's context of %,d",
                  tokens,
                  context));
        }
        longest = Math.max(longest, tokens);
      }
    }
    return longest;
  }

  private int promptTokens(EvalSet set, Problem problem) {
    try {
      return prompt(problem).length;
    } catch (RuntimeException e) {
      // The native tokenizer has no narrower type for a text that its vocabulary can't spell.
      throw refused(set, problem, "its prompt can't be made: " + e.getMessage());
    }
  }

  private static UsageError refused(EvalSet set, Problem problem, String why) {
    return new UsageError(
        "%s: problem '%s': %s; correct the problem or leave it out"
            .formatted(set.file(), problem.id(), why));
  }

  /** What its figures depend on. */
  ObjectNode identity() throws IOException {
    ObjectNode identity = JsonNodeFactory.instance.objectNode();
    identity.put("path", folder.path().toString());
    try (Safetensors weights = folder.openWeights()) {
      identity.put("digest", PolicyDigest.of(weights).hex());
    }
    Path template = folder.path().resolve("chat_template.jinja");
    identity.put("tokenizer", Sha256.of(folder.path().resolve("tokenizer.json")));
    identity.put(
        "template",
        Sha256.of(
            Files.exists(template) ? template : folder.path().resolve("tokenizer_config.json")));
    new TreeSet<>(tokenizer.endOfSequence()).forEach(identity.putArray("endOfSequence")::add);
    return identity;
  }
}
