package dev.drpo.cli.task;

/** An operation modulo {@link ArithmeticProblem#MODULUS}. */
public enum Operator {
  ADD("+", 'p'),
  SUBTRACT("-", 'm'),
  MULTIPLY("*", 'x');

  private final String symbol;
  private final char idLetter;

  Operator(String symbol, char idLetter) {
    this.symbol = symbol;
    this.idLetter = idLetter;
  }

  /** The operator as prompts and traces write it. */
  public String symbol() {
    return symbol;
  }

  /** The operator in identifiers, where symbols would not be safe as file names and URLs. */
  char idLetter() {
    return idLetter;
  }

  /** The result in 0..19; both operands are whole numbers of any sign. */
  public int apply(int left, int right) {
    int exact =
        switch (this) {
          case ADD -> left + right;
          case SUBTRACT -> left - right;
          case MULTIPLY -> left * right;
        };
    return Math.floorMod(exact, ArithmeticProblem.MODULUS);
  }
}
