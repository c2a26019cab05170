package dev.drpo.reward.judge.identity;

import dev.drpo.reward.judge.number.GaussianField.Residue;
import dev.drpo.reward.judge.number.NoValue;

/** A rational function that is ready to be evaluated modulo primes. */
interface ModularFunction {
  /**
   * The residue at a point.
   *
   * @throws NoValue if a denominator is zero there
   */
  Residue at(ModularPoint point);
}
