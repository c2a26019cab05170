package dev.drpo.policy.sampler;

/**
 * Where the positions of rows' responses lie in the script's KV cache, {@code [positions of all
 * heads, head size]} a layer.
 */
sealed interface ResponseRoom permits OwnPlaces, SharedPages {
  /** The room of a KV cache of so many key/value heads. */
  static ResponseRoom of(KvCacheSize size, int heads) {
    return size.sharesPages()
        ? new SharedPages(size.rows(), size.pages(), size.pageTokens(), heads)
        : new OwnPlaces(size.responseTokens(), heads);
  }

  /** Makes room for a row's next position. */
  void extend(int row, int position);

  /** Ends a row, whose number the last one has from now on. */
  void end(int row, int last);

  /** Where a position lies. */
  long at(int row, int head, int position);

  /**
   * The fewest runs of a row's first positions that lie one behind the other.
   *
   * @return at which position each begins, and behind them the length
   */
  int[] runs(int row, int length);

  /**
   * How far the first positions of a row's head and of the next one's lie apart, with those of the
   * next row behind those of a row's last head; 0 if they lie anywhere.
   */
  int stride();
}
