package dev.drpo.judge.comparison;

import dev.drpo.judge.answer.Answer;
import dev.drpo.judge.answer.Answer.Bracketed;
import dev.drpo.judge.answer.Answer.Choice;
import dev.drpo.judge.answer.Answer.Combination;
import dev.drpo.judge.answer.Answer.Listing;
import dev.drpo.judge.answer.Answer.Matrix;
import dev.drpo.judge.answer.Answer.Numeral;
import dev.drpo.judge.answer.Answer.Ratio;
import dev.drpo.judge.answer.Answer.Relation;
import dev.drpo.judge.answer.Answer.Scalar;
import dev.drpo.judge.answer.Answer.Words;

/** What the forms of answers are called. */
final class Kinds {
  private Kinds() {}

  static String name(Answer answer) {
    return switch (answer) {
      case Scalar scalar -> "a scalar";
      case Numeral numeral -> "a numeral in base " + numeral.base();
      case Ratio ratio -> "a ratio";
      case Bracketed bracketed -> "a tuple or interval";
      case Listing listing -> listing.elements().isEmpty() ? "the empty set" : "a list or set";
      case Answer.NumberSet set -> "a set of numbers";
      case Answer.SetBuilder set -> "a set by its condition";
      case Answer.Family family -> "a family of values";
      case Answer.Progression progression -> "a progression";
      case Answer.Congruence congruence -> "a congruence";
      case Answer.Piecewise piecewise -> "a function by pieces";
      case Combination combination -> "a combination of sets";
      case Matrix matrix -> "a matrix";
      case Relation relation -> "a relation";
      case Words words -> "words";
      case Choice choice -> "a choice letter";
    };
  }
}
