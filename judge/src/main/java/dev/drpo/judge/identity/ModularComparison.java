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
        ModularPoint point = ModularPoint.draw(primes, traits, random);
        try {
          if (!left.at(point).equals(right.at(point))) {
            return Optional.of(false);
          }
          agreeing++;
        } catch (NoValue pole) {
          // Another draw may miss it.
        }
      }
    }
    return agreeing >= PRIMES ? Optional.of(true) : Optional.empty();
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
      try {
        GaussianField field = origin.field();
        Residue leftOrigin = left.at(origin);
        Residue rightOrigin = right.at(origin);
        Residue leftValue = left.at(point);
        Residue rightValue = right.at(point);
        if (leftOrigin.isZero() != rightOrigin.isZero()
            || !field.times(leftValue, rightOrigin).equals(field.times(rightValue, leftOrigin))) {
          return Optional.of(Ratio.VARYING);
        }
        if (leftOrigin.isZero()) {
          zeros++;
        } else {
          agreeing++;
        }
      } catch (NoValue pole) {
        // Another draw may miss it.
      }
    }
    if (agreeing + zeros < PRIMES) {
      return Optional.empty();
    }
    return Optional.of(agreeing == 0 ? Ratio.BOTH_ZERO : Ratio.CONSTANT);
  }

  private PrimeField drawField() {
    budget.spend(PRIME_STEPS);
    return new PrimeField(Primes.draw(random));
  }
}
