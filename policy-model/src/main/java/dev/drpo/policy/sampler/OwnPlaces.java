package dev.drpo.policy.sampler;

/**
 * A place for the longest response by each row's number, {@code [rows, heads, response tokens]}:
 * whoever renumbers a row copies what it holds.
 */
record OwnPlaces(int responseTokens, int heads) implements ResponseRoom {
  @Override
  public void extend(int row, int position) {
    // It is there already.
  }

  @Override
  public void end(int row, int last) {
    // The place belongs to the number.
  }

  @Override
  public long at(int row, int head, int position) {
    return ((long) row * heads + head) * responseTokens + position;
  }

  @Override
  public int[] runs(int row, int length) {
    return new int[] {0, length};
  }

  @Override
  public int stride() {
    return responseTokens;
  }
}
