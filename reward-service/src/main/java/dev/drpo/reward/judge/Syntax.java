package dev.drpo.reward.judge;

/** An answer as written. Nothing is computed yet, so that sizes can be refused first. */
sealed interface Syntax {

  /** Decimal digits without sign or separators. */
  record IntegerLiteral(String digits) implements Syntax {
    /** Whether this is smaller than {@code other}, decided without building numbers. */
    boolean isBelow(IntegerLiteral other) {
      String mine = withoutLeadingZeros(digits);
      String theirs = withoutLeadingZeros(other.digits);
      return mine.length() == theirs.length()
          ? mine.compareTo(theirs) < 0
          : mine.length() < theirs.length();
    }

    private static String withoutLeadingZeros(String digits) {
      int first = 0;
      while (first < digits.length() && digits.charAt(first) == '0') {
        first++;
      }
      return digits.substring(first);
    }
  }

  /**
   * A decimal numeral, with or without a power of ten.
   *
   * @param whole digits before the point, possibly none
   * @param fraction digits after the point, possibly none
   * @param negativeExponent whether the exponent carries a minus
   * @param exponent digits of the exponent of ten, {@code "0"} if none is written
   */
  record DecimalLiteral(String whole, String fraction, boolean negativeExponent, String exponent)
      implements Syntax {}

  record Negation(Syntax operand) implements Syntax {}

  record Fraction(Syntax numerator, Syntax denominator) implements Syntax {}

  /** A whole number and a proper fraction, added: {@code 3\frac89}. */
  record MixedNumber(IntegerLiteral whole, IntegerLiteral numerator, IntegerLiteral denominator)
      implements Syntax {}

  /** A number with its unit. */
  record Measured(Syntax number, Unit unit) implements Syntax {}
}
