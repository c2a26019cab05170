package dev.drpo.policy.sampler;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Which sequence is where in the KV cache, and the indices that a decode step needs. Live rows have
 * no gaps between them, and neither have live prompts: what ends gives its place to the last one.
 */
final class LiveSequences {
  private final KvCacheSize size;
  private final long[] lastToken;
  private final int[] cached;
  private final PrefilledPrompt[] promptOf;
  private final List<PrefilledPrompt> prompts = new ArrayList<>();
  private int rows;

  LiveSequences(KvCacheSize size) {
    this.size = size;
    this.lastToken = new long[size.rows()];
    this.cached = new int[size.rows()];
    this.promptOf = new PrefilledPrompt[size.rows()];
  }

  int rows() {
    return rows;
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

  /** The last token of each live row. */
  long[] lastTokens() {
    return Arrays.copyOf(lastToken, rows);
  }

  /** Tokens of the longest response, with those that are not in the KV cache yet. */
  int longestResponse() {
    int longest = 0;
    for (int row = 0; row < rows; row++) {
      longest = Math.max(longest, cached[row] + 1);
    }
    return longest;
  }

  /** Takes note of the tokens drawn for the rows from one on. */
  void drew(int firstRow, int[] tokens) {
    for (int i = 0; i < tokens.length; i++) {
      lastToken[firstRow + i] = tokens[i];
    }
  }

  /** Every live row's last token is in the KV cache now. */
  void fed() {
    for (int row = 0; row < rows; row++) {
      cached[row]++;
    }
  }

  /** Ends a row, in whose place the last one stands from now on. */
  void end(int row) {
    promptOf[row].ends();
    rows--;
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

  /**
   * Where everything is, for one decode step.
   *
   * @param indices one behind the other: last tokens and positions by row; by row and key/value
   *     head, where the token goes in the KV cache and how many positions its response then has; by
   *     prompt, head and lane, the row and head that stand there; by row and head, where they stand
   *     among those; lengths by prompt and head
   * @param rows live rows
   * @param prompts live prompts
   * @param lanes most rows of one prompt
   * @param longestResponse with the token that is fed
   * @param longestPrompt of the live ones
   */
  @SuppressWarnings("ArrayRecordComponent") // Compared by nobody.
  record Step(
      long[] indices, int rows, int prompts, int lanes, int longestResponse, int longestPrompt) {}

  /** The step that feeds every live row's last token. */
  Step step(int heads) {
    int lanes = prompts.stream().mapToInt(PrefilledPrompt::live).max().orElseThrow();
    int where = 2 * rows;
    int lengths = where + rows * heads;
    int members = lengths + rows * heads;
    int places = members + prompts.size() * heads * lanes;
    int promptLengths = places + rows * heads;
    long[] indices = new long[promptLengths + prompts.size() * heads];
    int[] lanesTaken = new int[prompts.size()];
    for (int row = 0; row < rows; row++) {
      PrefilledPrompt prompt = promptOf[row];
      int lane = lanesTaken[prompt.place()]++;
      indices[row] = lastToken[row];
      indices[rows + row] = (long) prompt.length() + cached[row];
      for (int head = 0; head < heads; head++) {
        int at = row * heads + head;
        int place = (prompt.place() * heads + head) * lanes + lane;
        indices[where + at] = (long) at * size.responseTokens() + cached[row];
        indices[lengths + at] = cached[row] + 1L;
        // A lane that no row takes stays 0: any row does, since nobody reads what comes out.
        indices[members + place] = at;
        indices[places + at] = place;
      }
    }
    int longestPrompt = 0;
    for (PrefilledPrompt prompt : prompts) {
      longestPrompt = Math.max(longestPrompt, prompt.length());
      int from = promptLengths + prompt.place() * heads;
      Arrays.fill(indices, from, from + heads, prompt.length());
    }
    return new Step(indices, rows, prompts.size(), lanes, longestResponse(), longestPrompt);
  }
}
