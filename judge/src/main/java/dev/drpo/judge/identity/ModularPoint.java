package dev.drpo.judge.identity;

import dev.drpo.judge.expression.Expression.Constant;
import dev.drpo.judge.number.GaussianField;
import dev.drpo.judge.number.GaussianField.Residue;
import dev.drpo.judge.number.PrimeField;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;

/** Random residues for the symbols, and for π and e, which no equation binds to rationals. */
final class ModularPoint {
  private final GaussianField field;
  private final Map<String, Residue> symbols;
  private final Residue pi;
  private final Residue e;

  private ModularPoint(GaussianField field, Map<String, Residue> symbols, Residue pi, Residue e) {
    this.field = field;
    this.symbols = symbols;
    this.pi = pi;
    this.e = e;
  }

  /** A point whose residues are all drawn, in the order of the symbols' names. */
  static ModularPoint draw(PrimeField primes, Traits traits, SplittableRandom random) {
    GaussianField field = new GaussianField(primes);
    Residue pi = field.of(random.nextLong(1, primes.modulus()));
    Residue e = field.of(random.nextLong(1, primes.modulus()));
    return new ModularPoint(field, drawSymbols(field, primes, traits, random), pi, e);
  }

  /** Another point with the same modulus, π and e. */
  ModularPoint redraw(PrimeField primes, Traits traits, SplittableRandom random) {
    return new ModularPoint(field, drawSymbols(field, primes, traits, random), pi, e);
  }

  private static Map<String, Residue> drawSymbols(
      GaussianField field, PrimeField primes, Traits traits, SplittableRandom random) {
    Map<String, Residue> residues = new HashMap<>();
    for (String symbol : traits.symbols()) {
      residues.put(symbol, field.of(random.nextLong(1, primes.modulus())));
    }
    return residues;
  }

  GaussianField field() {
    return field;
  }

  Residue symbol(String name) {
    return symbols.get(name);
  }

  Residue constant(Constant constant) {
    return switch (constant) {
      case PI -> pi;
      case E -> e;
      case I -> field.i();
      case INFINITY -> throw new IllegalArgumentException("infinity has no residue");
    };
  }
}
