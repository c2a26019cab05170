package dev.drpo.reward.judge;

/** What reading the text of an answer or a gold came to. */
sealed interface Reading {
  /** The text denotes a quantity. */
  record Understood(Quantity quantity) implements Reading {}

  /** There is nothing between the delimiters. */
  record Blank() implements Reading {}

  /** The text is well-formed but denotes nothing, such as {@code 1/0}. */
  record Undefined() implements Reading {}

  /** The text is not in the grammar. */
  record Outside() implements Reading {}

  /** Understanding the text would cost more than allowed. */
  record Refused(Rule limit) implements Reading {}
}
