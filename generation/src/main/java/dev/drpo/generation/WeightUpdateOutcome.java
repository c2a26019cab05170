package dev.drpo.generation;

/** What became of an offered update. */
public enum WeightUpdateOutcome {
  /** Every later token is sampled with it. */
  APPLIED,
  /** A newer update arrived before its turn. */
  SUPERSEDED
}
