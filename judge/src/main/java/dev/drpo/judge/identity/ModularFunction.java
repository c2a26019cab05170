package dev.drpo.judge.identity;

import dev.drpo.judge.number.GaussianField.Residue;
import dev.drpo.judge.number.NoValue;

/** A rational function that is ready to be evaluated modulo primes. */
interface ModularFunction {
  /**
   * The residue at a point.
   *
   * @throws NoValue if a denominator is zero there
   */
  Residue at(ModularPoint point);
}
