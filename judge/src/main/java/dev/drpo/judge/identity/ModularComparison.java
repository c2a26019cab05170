package dev.drpo.judge.identity;

import dev.drpo.judge.limit.Budget;
import dev.drpo.judge.number.GaussianField;
import dev.drpo.judge.number.GaussianField.Residue;
import dev.drpo.judge.number.NoValue;
import dev.drpo.judge.number.PrimeField;
import dev.drpo.judge.number.Primes;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * Compares rational functions by their residues at random points modulo random primes (Schwartz,
 * Zippel). Different residues prove that the functions differ. Equal ones could only be chance, at
 * odds below the functions' degree to 2^61 for each.
 */
final class ModularComparison {
  private static final int PRIMES = 2;
  private static final int POINTS_PER_PRIME = 2;

  /** Draws that may hit a pole before the function counts as having no value. */
  private static final int DRAWS = 6;

  /** What drawing a prime takes on average. */
  private static final int PRIME_STEPS = 1000;

  private final Traits traits;
  private final SplittableRandom random;
  private final Budget budget;

  ModularComparison(Traits traits, SplittableRandom random, Budget budget) {
    this.traits = traits;
    this.random = random;
    this.budget = budget;
  }

  /** Whether all residues agree; empty if too few points aren't poles. */
  Optional<Boolean> areEqual(ModularFunction left, ModularFunction right) {
    int agreeing = 0;
    for (int i = 0; i < DRAWS && agreeing < PRIMES * POINTS_PER_PRIME; i++) {
      PrimeField primes = drawField();
      for (int j = 0; j < POINTS_PER_PRIME; j++) {
        Optional<Boolean> equal =
            areEqualAt(ModularPoint.draw(primes, traits, random), left, right);
        if (equal.isPresent()) {
          if (!equal.get()) {
            return equal;
          }
          agreeing++;
        }
      }
    }
    return agreeing >= PRIMES ? Optional.of(true) : Optional.empty();
  }

  /**
   * Whether both have the same residue at a point; empty at a pole, which another draw may miss.
   */
  private static Optional<Boolean> areEqualAt(
      ModularPoint point, ModularFunction left, ModularFunction right) {
    try {
      return Optional.of(left.at(point).equals(right.at(point)));
    } catch (NoValue pole) {
      return Optional.empty();
    }
  }

  /** How two functions relate by a factor. */
  enum Ratio {
    CONSTANT,
    VARYING,
    BOTH_ZERO
  }

  /** How both relate by a factor; empty if too few points aren't poles. */
  Optional<Ratio> ratio(ModularFunction left, ModularFunction right) {
    int agreeing = 0;
    int zeros = 0;
    for (int i = 0; i < DRAWS && agreeing + zeros < PRIMES; i++) {
      PrimeField primes = drawField();
      ModularPoint origin = ModularPoint.draw(primes, traits, random);
      ModularPoint point = origin.redraw(primes, traits, random);
      switch (ratioBetween(origin, point, left, right).orElse(null)) {
        case CONSTANT -> agreeing++;
        case BOTH_ZERO -> zeros++;
        case VARYING -> {
          return Optional.of(Ratio.VARYING);
        }
        case null -> {
          // A pole, which another draw may miss.
        }
      }
    }
    if (agreeing + zeros < PRIMES) {
      return Optional.empty();
    }
    return Optional.of(agreeing == 0 ? Ratio.BOTH_ZERO : Ratio.CONSTANT);
  }

  /** What two points say about the factor; empty if one of them is a pole. */
  private static Optional<Ratio> ratioBetween(
      ModularPoint origin, ModularPoint point, ModularFunction left, ModularFunction right) {
    try {
      Residue leftOrigin = left.at(origin);
      Residue rightOrigin = right.at(origin);
      Residue leftValue = left.at(point);
      Residue rightValue = right.at(point);
      GaussianField field = origin.field();
      if (leftOrigin.isZero() != rightOrigin.isZero()
          || !field.times(leftValue, rightOrigin).equals(field.times(rightValue, leftOrigin))) {
        return Optional.of(Ratio.VARYING);
      }
      return Optional.of(leftOrigin.isZero() ? Ratio.BOTH_ZERO : Ratio.CONSTANT);
    } catch (NoValue pole) {
      return Optional.empty();
    }
  }

  private PrimeField drawField() {
    budget.spend(PRIME_STEPS);
    return new PrimeField(Primes.draw(random));
  }
}
