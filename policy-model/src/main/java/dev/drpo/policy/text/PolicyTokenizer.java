package dev.drpo.policy.text;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import dev.drpo.policy.PolicyFormatException;
import dev.drpo.policy.checkpoint.GenerationConfig;
import dev.drpo.policy.checkpoint.ModelConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A checkpoint's tokenizer, chat template and end-of-sequence tokens. Safe for use by many threads.
 */
public final class PolicyTokenizer implements AutoCloseable {
  static {
    // Where it sees a GPU, the library would download a build of itself for CUDA, though it
    // computes
    // on the CPU here.
    if (System.getenv("RUST_FLAVOR") == null && System.getProperty("RUST_FLAVOR") == null) {
      System.setProperty("RUST_FLAVOR", "cpu");
    }
  }

  private final HuggingFaceTokenizer tokenizer;
  private final ChatTemplate template;
  private final Set<Integer> endOfSequence;

  private PolicyTokenizer(
      HuggingFaceTokenizer tokenizer, ChatTemplate template, Set<Integer> endOfSequence) {
    this.tokenizer = tokenizer;
    this.template = template;
    this.endOfSequence = Set.copyOf(endOfSequence);
  }

  /**
   * Reads {@code tokenizer.json}, the chat template and the tokens that end a response from a
   * policy folder.
   *
   * @throws PolicyFormatException if one is missing or lacks what generation needs
   */
  public static PolicyTokenizer load(Path folder) {
    Path file = folder.resolve("tokenizer.json");
    ModelConfig.readJson(file);
    ChatTemplate template = ChatTemplate.read(folder);
    Set<Integer> endOfSequence = GenerationConfig.read(folder).endOfSequence();
    try {
      HuggingFaceTokenizer tokenizer =
          HuggingFaceTokenizer.newInstance(
              file, Map.of("addSpecialTokens", "false", "truncation", "false"));
      return new PolicyTokenizer(tokenizer, template, endOfSequence);
    } catch (IOException | RuntimeException e) {
      throw new PolicyFormatException(file + " can't be loaded: " + e.getMessage(), e);
    }
  }

  /** Token ids of text, with no special token added. */
  public int[] encode(String text) {
    return Arrays.stream(tokenizer.encode(text, false, false).getIds())
        .mapToInt(Math::toIntExact)
        .toArray();
  }

  /** Text of token ids, special tokens left out. */
  public String decode(int[] tokens) {
    return tokenizer.decode(Arrays.stream(tokens).asLongStream().toArray(), true);
  }

  /**
   * The text that the policy continues to answer a conversation.
   *
   * @throws IllegalArgumentException if the chat template refuses the conversation
   */
  public String render(List<ChatMessage> messages) {
    return render(messages, true);
  }

  /**
   * The text of a conversation.
   *
   * @param addGenerationPrompt whether it ends where the policy answers
   * @throws IllegalArgumentException if the chat template refuses the conversation
   */
  public String render(List<ChatMessage> messages, boolean addGenerationPrompt) {
    return template.render(messages, addGenerationPrompt);
  }

  /** Tokens that end a response. */
  public Set<Integer> endOfSequence() {
    return endOfSequence;
  }

  @Override
  public void close() {
    tokenizer.close();
  }
}
