package dev.drpo.judge;

import dev.drpo.judge.answer.Answer;
import dev.drpo.judge.verdict.Rule;

/** A gold or an answer, as far as it could be read. */
public sealed interface Side {

  /**
   * The text between the outermost delimiters, each run of white space as one space; of a text that
   * is too long, its beginning.
   */
  String text();

  /** A text that says something. */
  record Read(String text, Answer answer) implements Side {}

  /** There is nothing between the delimiters. */
  record Blank(String text) implements Side {}

  /** The text is outside the grammar. */
  record Outside(String text, String found) implements Side {}

  /** Reading the text would cost more than allowed. */
  record Refused(String text, Rule limit) implements Side {}
}
