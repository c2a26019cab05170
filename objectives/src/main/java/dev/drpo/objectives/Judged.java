package dev.drpo.objectives;

/** A response as far as it has been judged. */
public interface Judged {
  /** Whether its answer was accepted. */
  boolean correct();

  /** What the run's reward functions made of it; 1 or 0 where only the answer counts. */
  double reward();

  /** |o|: tokens, the end of sequence included. */
  int length();
}
