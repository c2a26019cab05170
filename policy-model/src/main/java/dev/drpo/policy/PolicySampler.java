package dev.drpo.policy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.drpo.policy.safetensors.ElementType;
import java.util.List;

/**
 * Samples token by token, with a static key and value cache. Live sequences occupy the first rows
 * of the cache; the caller keeps track of which sequence is in which row. One thread may use it.
 */
public final class PolicySampler implements AutoCloseable {
  private final Decoder decoder;
  private final int rows;
  private final int length;

  /**
   * Allocates the cache.
   *
   * @param decoder the policy; the sampler owns it from now on
   * @param rows sequences that can be live at once
   * @param length most positions of a sequence, prompt included
   */
  public PolicySampler(Decoder decoder, int rows, int length) {
    if (length > decoder.config().contextLength()) {
      throw new IllegalArgumentException(
          "sequences of "
              + length
              + " tokens exceed the policy's context of "
              + decoder.config().contextLength());
    }
    this.decoder = decoder;
    this.rows = rows;
    this.length = length;
    decoder.script().run("allocate", (long) rows, (long) length);
  }

  /** Bytes that a cache of this size takes in an element type. */
  public static long cacheBytes(ModelConfig config, ElementType type, int rows, int length) {
    return 2L
        * config.layers()
        * rows
        * config.keyValueHeads()
        * length
        * config.headSize()
        * type.bytes();
  }

  /**
   * How each row is sampled.
   *
   * @param temperature divides the logits; 0 is greedy
   * @param topP nucleus mass in (0, 1]
   * @param uniform random numbers in [0, 1) with at most 32 significant bits
   */
  public record Draws(float[] temperature, float[] topP, double[] uniform) {
    private boolean truncated() {
      for (float p : topP) {
        if (p < 1) {
          return true;
        }
      }
      return false;
    }
  }

  /**
   * One token per row.
   *
   * @param tokens what was drawn
   * @param logProbabilities natural logarithms, of the temperature-scaled untruncated distribution
   */
  public record Tokens(long[] tokens, float[] logProbabilities) {}

  /**
   * Runs a prompt once for a group of rows and draws the first token of each.
   *
   * @param prompt token ids
   * @param firstRow first of the rows, one per entry of {@code draws}
   */
  public Tokens prefill(int[] prompt, int firstRow, Draws draws) {
    requireRows(firstRow + draws.uniform().length);
    if (prompt.length == 0 || prompt.length > length) {
      throw new IllegalArgumentException(
          "a prompt of "
              + prompt.length
              + " tokens does not fit the cache of "
              + length
              + " positions");
    }
    long[] ids = new long[prompt.length];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = prompt[i];
    }
    try (NDManager step = decoder.manager().newSubManager()) {
      return tokens(
          decoder
              .script()
              .tensors(
                  step,
                  "prefill",
                  step.create(ids),
                  (long) firstRow,
                  step.create(draws.temperature()),
                  step.create(draws.topP()),
                  draws.truncated(),
                  step.create(draws.uniform())));
    }
  }

  /**
   * Feeds one token to each of the first rows and draws the next.
   *
   * @param tokens the last token of each row
   * @param positions where it stands in its sequence, prompt included
   */
  public Tokens decode(long[] tokens, long[] positions, Draws draws) {
    requireRows(tokens.length);
    long longest = 0;
    for (long position : positions) {
      longest = Math.max(longest, position);
    }
    if (longest >= length) {
      throw new IllegalArgumentException(
          "position " + longest + " lies outside the cache of " + length + " positions");
    }
    try (NDManager step = decoder.manager().newSubManager()) {
      return tokens(
          decoder
              .script()
              .tensors(
                  step,
                  "decode",
                  step.create(tokens, new Shape(tokens.length)),
                  step.create(positions, new Shape(positions.length)),
                  longest + 1,
                  step.create(draws.temperature()),
                  step.create(draws.topP()),
                  draws.truncated(),
                  step.create(draws.uniform())));
    }
  }

  /** Copies the first {@code positions} of a row's cache over another's. */
  public void move(int source, int target, int positions) {
    decoder.script().run("move", (long) source, (long) target, (long) positions);
  }

  /** The policy; replacing its weights makes every live row stale. */
  public Decoder decoder() {
    return decoder;
  }

  private void requireRows(int needed) {
    if (needed > rows) {
      throw new IllegalArgumentException(needed + " rows exceed the cache's " + rows);
    }
  }

  private static Tokens tokens(List<NDArray> drawn) {
    return new Tokens(drawn.get(0).toLongArray(), drawn.get(1).toFloatArray());
  }

  @Override
  public void close() {
    decoder.close();
  }
}
