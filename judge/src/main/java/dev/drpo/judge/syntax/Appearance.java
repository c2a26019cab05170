package dev.drpo.judge.syntax;

import dev.drpo.judge.limit.Budget;
import dev.drpo.judge.limit.Limits;
import dev.drpo.judge.syntax.Token.Gap;
import dev.drpo.judge.syntax.Token.Kind;
import java.util.List;

/** Tells whether two texts that no form fits look the same, spaces and style aside. */
public final class Appearance {
  private Appearance() {}

  /** Whether two texts have the same tokens; both must be known to be within the limits. */
  public static boolean areAlike(String one, String other, Limits limits) {
    // The lexer is linear, so that texts of a bounded length need no count of steps.
    List<Token> left = Lexer.tokens(one, limits, new Budget(Long.MAX_VALUE));
    List<Token> right = Lexer.tokens(other, limits, new Budget(Long.MAX_VALUE));
    if (left.size() != right.size()) {
      return false;
    }
    for (int i = 0; i < left.size(); i++) {
      boolean behindComma = i > 0 && left.get(i - 1).is(Kind.COMMA);
      if (!isAlike(left.get(i), right.get(i), behindComma)) {
        return false;
      }
    }
    return true;
  }

  /** A comma with space behind it separates elements; without, it may separate thousands. */
  private static boolean isAlike(Token left, Token right, boolean behindComma) {
    return left.kind() == right.kind()
        && left.text().equals(right.text())
        && (!behindComma || (left.gap() == Gap.NONE) == (right.gap() == Gap.NONE));
  }
}
