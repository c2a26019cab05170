package dev.drpo.cli.study;

/** What makes a response wrong. */
enum Variant {
  /** A guess that was not tested: thought cures it. */
  SEARCH(false),

  /** That, or a fact that the policy only half knows: no thought cures it. */
  FACTS(true);

  private final boolean hasFacts;

  Variant(boolean hasFacts) {
    this.hasFacts = hasFacts;
  }

  /** Whether the answer has to be recalled. */
  boolean hasFacts() {
    return hasFacts;
  }
}
