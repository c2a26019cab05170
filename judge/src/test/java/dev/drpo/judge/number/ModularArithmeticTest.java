package dev.drpo.judge.number;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drpo.judge.number.GaussianField.Residue;
import java.math.BigInteger;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.BigRange;
import net.jqwik.api.constraints.LongRange;

class ModularArithmeticTest {

  @Property(tries = 300)
  void drawnNumbersArePrimesOf62BitsThatAreThreeModuloFour(@ForAll long seed) {
    long prime = Primes.draw(new SplittableRandom(seed));
    assertThat(BigInteger.valueOf(prime).isProbablePrime(40)).isTrue();
    assertThat(prime % 4).isEqualTo(3);
    assertThat(BigInteger.valueOf(prime).bitLength()).isEqualTo(62);
  }

  @Property(tries = 300)
  void primalityAgreesWithTheLibrary(
      @ForAll @LongRange(min = 1L << 32, max = (1L << 62) - 1) long number) {
    long odd = number | 1;
    assertThat(Primes.isPrime(odd)).isEqualTo(BigInteger.valueOf(odd).isProbablePrime(40));
  }

  @Property(tries = 500)
  void residuesAgreeWithBigIntegers(@ForAll BigInteger left, @ForAll BigInteger right) {
    long prime = Primes.draw(new SplittableRandom(left.hashCode()));
    PrimeField field = new PrimeField(prime);
    long a = field.of(left);
    long b = field.of(right);
    assertThat(field.plus(a, b)).isEqualTo(field.of(left.add(right)));
    assertThat(field.minus(a, b)).isEqualTo(field.of(left.subtract(right)));
    assertThat(field.times(a, b)).isEqualTo(field.of(left.multiply(right)));
  }

  @Property(tries = 200)
  void everyOtherResidueHasAnInverse(@ForAll long real, @ForAll long imaginary) {
    GaussianField field = field(real);
    Residue residue = gaussian(field, real, imaginary);
    if (residue.isZero()) {
      assertThat(field.inverse(residue)).isEmpty();
    } else {
      Residue inverse = field.inverse(residue).orElseThrow();
      assertThat(field.times(residue, inverse)).isEqualTo(field.one());
    }
  }

  @Property(tries = 100)
  void longExponentsAddUp(
      @ForAll long real,
      @ForAll long imaginary,
      @ForAll @BigRange(min = "0", max = "1e300") BigInteger first,
      @ForAll @BigRange(min = "0", max = "1e300") BigInteger second) {
    GaussianField field = field(imaginary);
    Residue base = gaussian(field, real, imaginary);
    assertThat(field.times(field.power(base, first), field.power(base, second)))
        .isEqualTo(field.power(base, first.add(second)));
  }

  private static GaussianField field(long seed) {
    return new GaussianField(new PrimeField(Primes.draw(new SplittableRandom(seed))));
  }

  private static Residue gaussian(GaussianField field, long real, long imaginary) {
    return field.plus(
        field.of(BigInteger.valueOf(real)),
        field.times(field.of(BigInteger.valueOf(imaginary)), field.i()));
  }
}
