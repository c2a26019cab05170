package dev.drpo.policy.sampler;

import java.util.Arrays;
import java.util.BitSet;

/**
 * Pages that rows take as they grow and give back when they end, {@code [heads, pages, positions of
 * a page]}. A row may have any pages; those that lie one behind the other are read as one run.
 */
final class SharedPages implements ResponseRoom {
  private final int pages;
  private final int pageTokens;
  private final int heads;

  /** By row, the pages of its positions in their order, and how many it has. */
  private final int[][] pagesOf;

  private final int[] counts;
  private final BitSet taken;

  SharedPages(int rows, int pages, int pageTokens, int heads) {
    this.pages = pages;
    this.pageTokens = pageTokens;
    this.heads = heads;
    this.pagesOf = new int[rows][1];
    this.counts = new int[rows];
    this.taken = new BitSet(pages);
  }

  /**
   * Takes a page if the row's are full.
   *
   * @throws IllegalStateException if there is none
   */
  @Override
  public void extend(int row, int position) {
    if (position < counts[row] * pageTokens) {
      return;
    }
    int page = next(row);
    taken.set(page);
    if (counts[row] == pagesOf[row].length) {
      pagesOf[row] = Arrays.copyOf(pagesOf[row], 2 * counts[row]);
    }
    pagesOf[row][counts[row]] = page;
    counts[row]++;
  }

  /**
   * The page behind the row's last one, so that there are few runs; if another has it, the one in
   * the middle of the longest gap, where there is most room to go on, also for the row before it.
   */
  private int next(int row) {
    int behind = counts[row] == 0 ? pages : pagesOf[row][counts[row] - 1] + 1;
    if (behind < pages && !taken.get(behind)) {
      return behind;
    }
    int first = 0;
    int longest = 0;
    int from = taken.nextClearBit(0);
    while (from < pages) {
      int end = taken.nextSetBit(from);
      int to = end < 0 ? pages : end;
      if (to - from > longest) {
        first = from;
        longest = to - from;
      }
      from = taken.nextClearBit(to);
    }
    if (longest == 0) {
      throw new IllegalStateException(
          "all %d pages of the KV cache are taken; whoever advances a row has to leave one for it"
              .formatted(pages));
    }
    return first == 0 ? 0 : first + longest / 2;
  }

  @Override
  public void end(int row, int last) {
    int[] free = pagesOf[row];
    for (int i = 0; i < counts[row]; i++) {
      taken.clear(free[i]);
    }
    pagesOf[row] = pagesOf[last];
    counts[row] = counts[last];
    pagesOf[last] = free;
    counts[last] = 0;
  }

  /** Which of one head's positions it is. */
  int place(int row, int position) {
    return pagesOf[row][position / pageTokens] * pageTokens + position % pageTokens;
  }

  @Override
  public long at(int row, int head, int position) {
    return (long) head * pages * pageTokens + place(row, position);
  }

  @Override
  public int[] runs(int row, int length) {
    int count = Math.ceilDiv(length, pageTokens);
    int[] bounds = new int[count + 1];
    int runs = 1;
    for (int i = 1; i < count; i++) {
      if (pagesOf[row][i] != pagesOf[row][i - 1] + 1) {
        bounds[runs] = i * pageTokens;
        runs++;
      }
    }
    bounds[runs] = length;
    return Arrays.copyOf(bounds, runs + 1);
  }

  @Override
  public int stride() {
    return 0;
  }

  /** Pages that rows have taken. */
  int taken() {
    return taken.cardinality();
  }
}
