package dev.drpo.reports;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The bins of a histogram of response lengths: one for each length up to 8 tokens, then four an
 * octave, of equal width inside it. The bins of an index are the same whatever the budget, so that
 * histograms of different steps and runs lie over each other.
 *
 * @param ends the largest length of each bin, tokens
 */
public record LengthBins(List<Integer> ends) {
  private static final int PER_OCTAVE = 4;

  public LengthBins {
    ends = List.copyOf(ends);
  }

  /**
   * The bins of responses within a budget.
   *
   * @param budget tokens of the longest, at least 1
   */
  public static LengthBins upTo(int budget) {
    List<Integer> ends = new ArrayList<>();
    for (int bin = 0; bin <= index(budget); bin++) {
      ends.add(end(bin));
    }
    return new LengthBins(ends);
  }

  /** The bin of a length, which is at least 1. */
  static int index(int length) {
    int before = length - 1;
    if (before < PER_OCTAVE) {
      return before;
    }
    int octave = Integer.SIZE - 1 - Integer.numberOfLeadingZeros(before);
    return PER_OCTAVE * (octave - 1) + ((before - (1 << octave)) >> (octave - 2));
  }

  /** The largest length of a bin. */
  private static int end(int bin) {
    if (bin < PER_OCTAVE) {
      return bin + 1;
    }
    int octave = bin / PER_OCTAVE + 1;
    return (1 << octave) + ((bin % PER_OCTAVE + 1) << (octave - 2));
  }

  /** How many of some lengths lie in each bin; what is longer than the last one lies in it. */
  public List<Integer> count(IntStream lengths) {
    List<Integer> counts = new ArrayList<>(Collections.nCopies(ends.size(), 0));
    lengths
        .map(length -> Math.min(index(length), counts.size() - 1))
        .forEach(bin -> counts.set(bin, counts.get(bin) + 1));
    return List.copyOf(counts);
  }
}
