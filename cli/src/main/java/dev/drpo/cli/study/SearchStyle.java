package dev.drpo.cli.study;

import java.util.Random;

/**
 * How a trace searches. All but {@link #GUESS} are as reliable as each other: what they have beyond
 * {@link #LEAN} is of no use.
 */
enum SearchStyle {
  /** Boxes the first candidate untested. */
  GUESS(0.35, 0, false),
  /** Stops at the root. */
  LEAN(0.10, 0, false),
  /** Tests most candidates twice. */
  RECHECK(0.15, 0.9, false),
  /** Tests those behind the root too. */
  TOUR(0.15, 0, true),
  /** Both. */
  RECHECKED_TOUR(0.25, 0.9, true);

  private final double share;
  private final double recheck;
  private final boolean tours;

  SearchStyle(double share, double recheck, boolean tours) {
    this.share = share;
    this.recheck = recheck;
    this.tours = tours;
  }

  /** Probability that a test is done once more. */
  double recheck() {
    return recheck;
  }

  /** Whether the search goes on behind the root. */
  boolean tours() {
    return tours;
  }

  /** A style of the warm start's mix. */
  static SearchStyle draw(Random random) {
    double left = random.nextDouble();
    for (SearchStyle style : values()) {
      left -= style.share;
      if (left < 0) {
        return style;
      }
    }
    return RECHECKED_TOUR;
  }
}
