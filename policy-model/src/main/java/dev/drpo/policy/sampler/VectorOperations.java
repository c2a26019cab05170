package dev.drpo.policy.sampler;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * What a decoder does to the rows between products of matrices, in fp32 by vector instructions.
 *
 * <p>What comes out for a row has the same bits whatever the other rows are, and however the code
 * runs: sums of lanes are taken in an order of their own, and powers by a polynomial, since the
 * vector library's may differ between interpreted and compiled code.
 */
final class VectorOperations {
  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();
  private static final int LANES = SPECIES.length();

  private static final float LOG2_E = (float) (1 / Math.log(2));

  private VectorOperations() {}

  /** Rows of fp32, {@code [rows, width]}; of their elements the first may be all that count. */
  record Rows(MemorySegment memory, int width) {
    long at(int row) {
      return (long) row * width * Float.BYTES;
    }
  }

  /**
   * Scales each of the first rows to a root mean square of 1, then by the gain.
   *
   * @param width elements of a row that count
   */
  static void normalize(
      Rows input, int rows, int width, MemorySegment gain, double epsilon, Rows output) {
    MemorySegment x = input.memory();
    MemorySegment y = output.memory();
    float[] lanes = new float[LANES];
    int bound = SPECIES.loopBound(width);
    for (int row = 0; row < rows; row++) {
      long from = input.at(row);
      long to = output.at(row);
      float scale = (float) (1 / Math.sqrt(squares(x, from, width, lanes) / width + epsilon));
      for (int i = 0; i < bound; i += LANES) {
        long offset = (long) i * Float.BYTES;
        FloatVector.fromMemorySegment(SPECIES, x, from + offset, ORDER)
            .mul(scale)
            .mul(FloatVector.fromMemorySegment(SPECIES, gain, offset, ORDER))
            .intoMemorySegment(y, to + offset, ORDER);
      }
      for (int i = bound; i < width; i++) {
        long offset = (long) i * Float.BYTES;
        set(y, to + offset, get(x, from + offset) * scale * get(gain, offset));
      }
    }
  }

  private static float squares(MemorySegment x, long from, int width, float[] lanes) {
    int bound = SPECIES.loopBound(width);
    FloatVector sum = FloatVector.zero(SPECIES);
    for (int i = 0; i < bound; i += LANES) {
      long offset = from + (long) i * Float.BYTES;
      FloatVector v = FloatVector.fromMemorySegment(SPECIES, x, offset, ORDER);
      sum = v.fma(v, sum);
    }
    sum.intoArray(lanes, 0);
    float total = sum(lanes, 0, LANES);
    for (int i = bound; i < width; i++) {
      float v = get(x, from + (long) i * Float.BYTES);
      total = Math.fma(v, v, total);
    }
    return total;
  }

  /**
   * The sum of values, half by half, which overwrites them: the vector library promises no order.
   */
  static float sum(float[] values, int from, int count) {
    for (int half = count / 2; half > 0; half /= 2) {
      for (int i = from; i < from + half; i++) {
        values[i] += values[i + half];
      }
    }
    return values[from];
  }

  /**
   * Adds the first rows of one to another's.
   *
   * @param width elements of a row that count
   */
  static void add(Rows target, int rows, int width, Rows summand) {
    MemorySegment x = target.memory();
    MemorySegment y = summand.memory();
    int bound = SPECIES.loopBound(width);
    for (int row = 0; row < rows; row++) {
      long to = target.at(row);
      long from = summand.at(row);
      for (int i = 0; i < bound; i += LANES) {
        long offset = (long) i * Float.BYTES;
        FloatVector.fromMemorySegment(SPECIES, x, to + offset, ORDER)
            .add(FloatVector.fromMemorySegment(SPECIES, y, from + offset, ORDER))
            .intoMemorySegment(x, to + offset, ORDER);
      }
      for (int i = bound; i < width; i++) {
        long offset = (long) i * Float.BYTES;
        set(x, to + offset, get(x, to + offset) + get(y, from + offset));
      }
    }
  }

  /**
   * Multiplies the second half of what counts of each of the first rows by the SiLU of the first
   * half, g / (1 + 2^(-g log2 e)), see {@link PowerOfTwo}.
   *
   * @param gates of which 2 * width elements of a row count
   * @param output takes width elements of a row
   */
  static void gate(Rows gates, int rows, int width, Rows output) {
    int bound = SPECIES.loopBound(width);
    for (int row = 0; row < rows; row++) {
      long gate = gates.at(row);
      long up = gate + (long) width * Float.BYTES;
      gate(gates.memory(), gate, up, bound, output.memory(), output.at(row));
      for (int i = bound; i < width; i++) {
        long offset = (long) i * Float.BYTES;
        float g = get(gates.memory(), gate + offset);
        float silu = (float) (g / (1 + StrictMath.exp(-g)));
        set(output.memory(), output.at(row) + offset, silu * get(gates.memory(), up + offset));
      }
    }
  }

  private static void gate(
      MemorySegment x, long gate, long up, int bound, MemorySegment y, long to) {
    FloatVector one = FloatVector.broadcast(SPECIES, 1);
    for (int i = 0; i < bound; i += LANES) {
      long offset = (long) i * Float.BYTES;
      FloatVector g = FloatVector.fromMemorySegment(SPECIES, x, gate + offset, ORDER);
      FloatVector e = g.mul(-LOG2_E).min(PowerOfTwo.MOST).max(-PowerOfTwo.MOST);
      FloatVector whole = e.add(PowerOfTwo.ROUNDING);
      FloatVector rest = e.sub(whole.sub(PowerOfTwo.ROUNDING));
      FloatVector power =
          FloatVector.broadcast(SPECIES, PowerOfTwo.C6)
              .fma(rest, FloatVector.broadcast(SPECIES, PowerOfTwo.C5))
              .fma(rest, FloatVector.broadcast(SPECIES, PowerOfTwo.C4))
              .fma(rest, FloatVector.broadcast(SPECIES, PowerOfTwo.C3))
              .fma(rest, FloatVector.broadcast(SPECIES, PowerOfTwo.C2))
              .fma(rest, FloatVector.broadcast(SPECIES, PowerOfTwo.C1))
              .fma(rest, one)
              .mul(
                  whole
                      .reinterpretAsInts()
                      .lanewise(VectorOperators.LSHL, PowerOfTwo.MANTISSA)
                      .reinterpretAsFloats());
      g.div(power.add(one))
          .mul(FloatVector.fromMemorySegment(SPECIES, x, up + offset, ORDER))
          .intoMemorySegment(y, to + offset, ORDER);
    }
  }

  private static float get(MemorySegment segment, long at) {
    return segment.get(ValueLayout.JAVA_FLOAT, at);
  }

  private static void set(MemorySegment segment, long at, float value) {
    segment.set(ValueLayout.JAVA_FLOAT, at, value);
  }
}
