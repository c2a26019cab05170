package dev.drpo.generation;

import java.util.Arrays;
import java.util.function.Function;

/**
 * The text of tokens that come one at a time, in time that is linear in their number. A character
 * that several tokens spell comes with the last of them.
 *
 * <p>What a token adds to the text may depend on the ones before, such as a space between words. It
 * is therefore read off the difference that it makes behind the tokens of the last addition.
 */
public final class GrowingText {
  /** What a tokenizer decodes an unfinished character to. */
  private static final String UNFINISHED = "\uFFFD";

  private final Function<int[], String> decode;
  private int[] tokens = new int[64];
  private int count;
  private int contextStart;
  private int settled;

  /**
   * A text without tokens.
   *
   * @param decode gives the text of tokens
   */
  public GrowingText(Function<int[], String> decode) {
    this.decode = decode;
  }

  /** Adds a token; returns the text that is certain now, and was not before. */
  public String add(int token) {
    if (count == tokens.length) {
      tokens = Arrays.copyOf(tokens, 2 * count);
    }
    tokens[count++] = token;
    String added = unsettled();
    if (added.isEmpty() || added.endsWith(UNFINISHED)) {
      return "";
    }
    contextStart = settled;
    settled = count;
    return added;
  }

  /** How many of the tokens have all their text out. */
  public int settled() {
    return settled;
  }

  /** Ends the text; returns what was held back, such as an unfinished character. */
  public String finish() {
    String rest = unsettled();
    settled = count;
    return rest;
  }

  private String unsettled() {
    String context = decode.apply(Arrays.copyOfRange(tokens, contextStart, settled));
    String all = decode.apply(Arrays.copyOfRange(tokens, contextStart, count));
    return all.length() > context.length() ? all.substring(context.length()) : "";
  }
}
