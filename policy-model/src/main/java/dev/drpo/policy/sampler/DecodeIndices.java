package dev.drpo.policy.sampler;

import java.util.Arrays;
import java.util.List;

/**
 * Where everything is, for one decode step of the script.
 *
 * <p>A query attends to its prompt and to each run of its response apart, and the results are merged
 * by their normalisers. Attention to a run is one sequence of variable-length attention, which needs
 * to know where the run begins and how long it is, and nothing of the others: that is how pages are
 * read by a kernel that knows none.
 *
 * @param indices one behind the other, as {@code decode} in {@code generation.torchscript} takes
 *     them apart
 * @param rows rows that advance
 * @param prompts live prompts
 * @param lanes most advancing rows of one prompt
 * @param runs runs of all rows and key/value heads
 * @param mostRuns of one row
 * @param longestRun in positions
 * @param stride how far apart the runs lie, one behind the other; 0 if they lie anywhere
 * @param longestPrompt of the live ones
 */
@SuppressWarnings("ArrayRecordComponent") // Compared by nobody.
record DecodeIndices(
    long[] indices,
    int rows,
    int prompts,
    int lanes,
    int runs,
    int mostRuns,
    int longestRun,
    int stride,
    int longestPrompt) {

  /**
   * The step that feeds some rows' last tokens.
   *
   * @param advancing rows in their order
   * @param promptTokens room of a prompt
   */
  static DecodeIndices of(LiveSequences live, int[] advancing, int promptTokens) {
    return new Writer(live, advancing).write(promptTokens);
  }

  /** Fills the parts in the order in which they lie. */
  private static final class Writer {
    private final LiveSequences live;
    private final int[] advancing;
    private final int heads;
    private final List<PrefilledPrompt> prompts;

    /** By row, where its runs begin and the last one ends. */
    private final int[][] bounds;

    private final int lanes;
    private final int runs;
    private final int mostRuns;
    private final int longestRun;
    private long[] indices;
    private int at;

    Writer(LiveSequences live, int[] advancing) {
      this.live = live;
      this.advancing = advancing;
      this.heads = live.heads();
      this.prompts = live.prompts();
      this.bounds = new int[advancing.length][];
      int[] rowsOf = new int[prompts.size()];
      int all = 0;
      int most = 0;
      int longest = 0;
      for (int i = 0; i < advancing.length; i++) {
        int row = advancing[i];
        bounds[i] = live.room().runs(row, live.cached(row) + 1);
        rowsOf[live.promptOf(row).place()]++;
        int count = bounds[i].length - 1;
        all += count;
        most = Math.max(most, count);
        for (int run = 0; run < count; run++) {
          longest = Math.max(longest, bounds[i][run + 1] - bounds[i][run]);
        }
      }
      this.lanes = Arrays.stream(rowsOf).max().orElseThrow();
      this.runs = all * heads;
      this.mostRuns = most;
      this.longestRun = longest;
    }

    DecodeIndices write(int promptTokens) {
      int rows = advancing.length;
      int queries = rows * heads;
      int lengths = prompts.size() * heads;
      int members = lengths * lanes;
      indices =
          new long
              [2 * rows + queries + 3 * runs + 1 + members + 2 * lengths + 1
                  + queries * (mostRuns + 1)];
      writeTokens();
      writeRuns();
      int[] laneOf = writeMembers(members);
      int longestPrompt = writePrompts(promptTokens);
      writeParts(laneOf, members);
      return new DecodeIndices(
          indices,
          rows,
          prompts.size(),
          lanes,
          runs,
          mostRuns,
          longestRun,
          // Rows with others between them do not lie one behind the other.
          rows == live.rows() ? live.room().stride() : 0,
          longestPrompt);
    }

    private void put(long value) {
      indices[at] = value;
      at++;
    }

    /** Ids and positions by row; by row and head, where the token goes in the KV cache. */
    private void writeTokens() {
      for (int row : advancing) {
        put(live.lastToken(row));
      }
      for (int row : advancing) {
        put((long) live.promptOf(row).length() + live.cached(row));
      }
      for (int row : advancing) {
        for (int head = 0; head < heads; head++) {
          put(live.room().at(row, head, live.cached(row)));
        }
      }
    }

    /** By row, head and run: the row and head, where the run begins (and an end), its length. */
    private void writeRuns() {
      for (int i = 0; i < advancing.length; i++) {
        for (int head = 0; head < heads; head++) {
          for (int run = 1; run < bounds[i].length; run++) {
            put((long) i * heads + head);
          }
        }
      }
      for (int i = 0; i < advancing.length; i++) {
        for (int head = 0; head < heads; head++) {
          for (int run = 1; run < bounds[i].length; run++) {
            put(live.room().at(advancing[i], head, bounds[i][run - 1]));
          }
        }
      }
      put(0);
      for (int i = 0; i < advancing.length; i++) {
        for (int head = 0; head < heads; head++) {
          for (int run = 1; run < bounds[i].length; run++) {
            put((long) bounds[i][run] - bounds[i][run - 1]);
          }
        }
      }
    }

    /**
     * By prompt, head and lane, the row and head that stand there. A lane that no row takes stays 0:
     * any row does, since nobody reads what comes out.
     *
     * @return the lane of each row
     */
    private int[] writeMembers(int members) {
      int[] taken = new int[prompts.size()];
      int[] laneOf = new int[advancing.length];
      for (int i = 0; i < advancing.length; i++) {
        int place = live.promptOf(advancing[i]).place();
        laneOf[i] = taken[place]++;
        for (int head = 0; head < heads; head++) {
          indices[at + (place * heads + head) * lanes + laneOf[i]] = (long) i * heads + head;
        }
      }
      at += members;
      return laneOf;
    }

    /** By prompt and head, where it begins (and an end) and its length; returns the longest. */
    private int writePrompts(int promptTokens) {
      for (int i = 0; i < prompts.size() * heads; i++) {
        put((long) i * promptTokens);
      }
      put(0);
      int longest = 0;
      for (PrefilledPrompt prompt : prompts) {
        longest = Math.max(longest, prompt.length());
        for (int head = 0; head < heads; head++) {
          put(prompt.length());
        }
      }
      return longest;
    }

    /**
     * By row and head, which of the results are merged: that of the prompt, those of the runs, and
     * as often as others have more of them, the one behind all, which weighs nothing.
     */
    private void writeParts(int[] laneOf, int members) {
      int run = 0;
      for (int i = 0; i < advancing.length; i++) {
        int place = live.promptOf(advancing[i]).place();
        for (int head = 0; head < heads; head++) {
          put((long) runs + (place * heads + head) * lanes + laneOf[i]);
          for (int part = 1; part <= mostRuns; part++) {
            put(part < bounds[i].length ? run++ : runs + members);
          }
        }
      }
    }
  }
}
