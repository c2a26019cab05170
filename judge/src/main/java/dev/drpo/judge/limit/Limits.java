package dev.drpo.judge.limit;

/**
 * What one judgement may cost. Sizes are refused before anything is computed with them.
 *
 * @param responseCharacters longest response that is searched for an answer
 * @param answerCharacters longest answer or gold that is read
 * @param nesting deepest nesting of braces inside an answer
 * @param digits most decimal digits of a numerator or denominator
 * @param steps elementary steps: characters scanned, tokens parsed, 64-bit words computed with
 */
public record Limits(
    int responseCharacters, int answerCharacters, int nesting, int digits, long steps) {

  /** Room for every answer of the public math sets, and well below a millisecond of work. */
  public static final Limits DEFAULT = new Limits(1 << 20, 4096, 64, 2000, 3_000_000);

  private static final double BITS_PER_DIGIT = Math.log(10) / Math.log(2);

  public Limits {
    if (responseCharacters < 1 || answerCharacters < 1 || nesting < 1 || digits < 1 || steps < 1) {
      throw new IllegalArgumentException("every limit must be at least 1");
    }
  }

  /** {@link #digits} as a bound on {@link java.math.BigInteger#bitLength}. */
  public int bits() {
    return (int) Math.ceil(digits * BITS_PER_DIGIT);
  }
}
