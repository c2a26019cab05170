package dev.drpo.cli.study;

/**
 * What makes a response wrong.
 *
 * @param hasFacts whether the answer has to be recalled
 */
enum Variant {
  /** A guess that was not tested: thought cures it. */
  SEARCH(false),

  /** That, or a fact that the policy only half knows: no thought cures it. */
  FACTS(true);

  private final boolean hasFacts;

  Variant(boolean hasFacts) {
    this.hasFacts = hasFacts;
  }

  boolean hasFacts() {
    return hasFacts;
  }
}
