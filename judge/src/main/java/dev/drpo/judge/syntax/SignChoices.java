package dev.drpo.judge.syntax;

import dev.drpo.judge.limit.Limit;
import dev.drpo.judge.limit.LimitExceeded;

/**
 * The choices that {@code \pm} leaves open in one element. Each choice is one parsing of the
 * element: the signs are independent, unless {@code \mp} ties them all together.
 */
final class SignChoices {
  private static final int MAX_SIGNS = 4;

  private int choice;
  private int signs;
  private boolean tied;

  /** Where the choices of an element stand while another inside it is read. */
  record State(int choice, int signs, boolean tied) {}

  State save() {
    return new State(choice, signs, tied);
  }

  void restore(State state) {
    choice = state.choice();
    signs = state.signs();
    tied = state.tied();
  }

  /** Begins the element anew, with the {@code number}-th choice. */
  void begin(int number) {
    choice = number;
    signs = 0;
  }

  /** Forgets the element before. */
  void reset() {
    tied = false;
    begin(0);
  }

  /** Whether this occurrence of a double sign is a minus. */
  boolean isNegative(boolean reversed) {
    tied |= reversed;
    int bit = tied ? 0 : signs;
    signs++;
    boolean lower = (choice >> bit & 1) == 1;
    return lower != reversed;
  }

  /** How many choices there are, once the element is read. */
  int count() {
    if (signs > MAX_SIGNS) {
      throw new LimitExceeded(Limit.STEPS);
    }
    return signs == 0 ? 1 : tied ? 2 : 1 << signs;
  }
}
