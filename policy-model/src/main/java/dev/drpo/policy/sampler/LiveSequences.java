package dev.drpo.policy.sampler;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Which sequence is where in the KV cache. Live rows' numbers have no gaps, and neither have live
 * prompts' places: what ends gives its own to the last one.
 */
final class LiveSequences {
  private final int heads;
  private final ResponseRoom room;
  private final long[] lastToken;
  private final int[] cached;
  private final PrefilledPrompt[] promptOf;
  private final List<PrefilledPrompt> prompts = new ArrayList<>();
  private int rows;

  /** None, in a KV cache of so many key/value heads. */
  LiveSequences(KvCacheSize size, int heads) {
    this.heads = heads;
    this.room = ResponseRoom.of(size, heads);
    this.lastToken = new long[size.rows()];
    this.cached = new int[size.rows()];
    this.promptOf = new PrefilledPrompt[size.rows()];
  }

  int rows() {
    return rows;
  }

  /** Key/value heads. */
  int heads() {
    return heads;
  }

  /** Where responses lie. */
  ResponseRoom room() {
    return room;
  }

  List<PrefilledPrompt> prompts() {
    return prompts;
  }

  /** Response tokens of a row whose keys and values are in the KV cache. */
  int cached(int row) {
    return cached[row];
  }

  PrefilledPrompt promptOf(int row) {
    return promptOf[row];
  }

  /** Adds a prompt behind the live ones. */
  PrefilledPrompt open(int length) {
    PrefilledPrompt prompt = new PrefilledPrompt(length, prompts.size());
    prompts.add(prompt);
    return prompt;
  }

  /** Adds a row behind the live ones. */
  void begin(PrefilledPrompt prompt) {
    promptOf[rows] = prompt;
    cached[rows] = 0;
    prompt.begins();
    rows++;
  }

  long lastToken(int row) {
    return lastToken[row];
  }

  /** The last tokens of rows. */
  long[] lastTokens(int[] ofRows) {
    return Arrays.stream(ofRows).mapToLong(this::lastToken).toArray();
  }

  /** Makes room for the last tokens of rows. */
  void extend(int[] ofRows) {
    for (int row : ofRows) {
      room.extend(row, cached[row]);
    }
  }

  /** The last tokens of rows are in the KV cache now. */
  void fed(int[] ofRows) {
    for (int row : ofRows) {
      cached[row]++;
    }
  }

  /** Takes note of the tokens drawn for rows. */
  void drew(int[] forRows, int[] tokens) {
    for (int i = 0; i < tokens.length; i++) {
      lastToken[forRows[i]] = tokens[i];
    }
  }

  /** Ends a row, in whose place the last one stands from now on. */
  void end(int row) {
    promptOf[row].ends();
    rows--;
    room.end(row, rows);
    lastToken[row] = lastToken[rows];
    cached[row] = cached[rows];
    promptOf[row] = promptOf[rows];
    promptOf[rows] = null;
  }

  /** Removes a prompt that is done, in whose place the last one stands from now on. */
  void remove(PrefilledPrompt prompt) {
    PrefilledPrompt last = prompts.removeLast();
    if (last != prompt) {
      prompts.set(prompt.place(), last);
      last.moveTo(prompt.place());
    }
  }
}
