package dev.drpo.reward.judge;

/** What a number counts. A unit is a type of the answer, never stripped text. */
enum Unit {
  NONE,
  PERCENT,
  DOLLAR;

  /** The normal form of a number of this unit. */
  String format(String number) {
    return switch (this) {
      case NONE -> number;
      case PERCENT -> number + "%";
      case DOLLAR -> "$" + number;
    };
  }
}
