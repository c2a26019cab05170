package dev.drpo.policy.sampler;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** What a decoder does to the rows between products of matrices, in fp32 by vector instructions. */
final class VectorOperations {
  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();
  private static final int LANES = SPECIES.length();

  /** Products that are summed at a time, so that none waits for the sum before it. */
  private static final int OUTPUTS = 4;

  private VectorOperations() {}

  /** Rows of fp32, {@code [rows, width]}. */
  record Rows(MemorySegment memory, int width) {
    long at(int row) {
      return (long) row * width * Float.BYTES;
    }
  }

  /** Scales each of the first rows to a root mean square of 1, then by the gain. */
  static void normalize(Rows input, int rows, MemorySegment gain, double epsilon, Rows output) {
    int width = input.width();
    MemorySegment x = input.memory();
    MemorySegment y = output.memory();
    int bound = SPECIES.loopBound(width);
    for (int row = 0; row < rows; row++) {
      long at = input.at(row);
      float scale = (float) (1 / Math.sqrt(dot(x, at, x, at, width) / width + epsilon));
      for (int i = 0; i < bound; i += LANES) {
        long offset = (long) i * Float.BYTES;
        FloatVector.fromMemorySegment(SPECIES, x, at + offset, ORDER)
            .mul(scale)
            .mul(FloatVector.fromMemorySegment(SPECIES, gain, offset, ORDER))
            .intoMemorySegment(y, at + offset, ORDER);
      }
      for (int i = bound; i < width; i++) {
        long offset = (long) i * Float.BYTES;
        set(y, at + offset, get(x, at + offset) * scale * get(gain, offset));
      }
    }
  }

  /**
   * The products of the first rows with a matrix {@code [outputs, inputs]}. It goes through the
   * matrix once, and for few rows takes hardly longer than that.
   */
  static void multiply(Rows matrix, Rows input, int rows, Rows output) {
    int outputs = output.width();
    int blocks = outputs / OUTPUTS * OUTPUTS;
    for (int i = 0; i < blocks; i += OUTPUTS) {
      for (int row = 0; row < rows; row++) {
        multiplyBlock(matrix, i, input, row, output);
      }
    }
    for (int i = blocks; i < outputs; i++) {
      for (int row = 0; row < rows; row++) {
        set(
            output.memory(),
            output.at(row) + (long) i * Float.BYTES,
            dot(matrix.memory(), matrix.at(i), input.memory(), input.at(row), matrix.width()));
      }
    }
  }

  private static void multiplyBlock(Rows matrix, int first, Rows input, int row, Rows output) {
    int width = matrix.width();
    MemorySegment m = matrix.memory();
    MemorySegment x = input.memory();
    long at = input.at(row);
    long at0 = matrix.at(first);
    long at1 = matrix.at(first + 1);
    long at2 = matrix.at(first + 2);
    long at3 = matrix.at(first + 3);
    FloatVector sum0 = FloatVector.zero(SPECIES);
    FloatVector sum1 = sum0;
    FloatVector sum2 = sum0;
    FloatVector sum3 = sum0;
    int bound = SPECIES.loopBound(width);
    for (int i = 0; i < bound; i += LANES) {
      long offset = (long) i * Float.BYTES;
      FloatVector v = FloatVector.fromMemorySegment(SPECIES, x, at + offset, ORDER);
      sum0 = v.fma(FloatVector.fromMemorySegment(SPECIES, m, at0 + offset, ORDER), sum0);
      sum1 = v.fma(FloatVector.fromMemorySegment(SPECIES, m, at1 + offset, ORDER), sum1);
      sum2 = v.fma(FloatVector.fromMemorySegment(SPECIES, m, at2 + offset, ORDER), sum2);
      sum3 = v.fma(FloatVector.fromMemorySegment(SPECIES, m, at3 + offset, ORDER), sum3);
    }
    float total0 = sum0.reduceLanes(VectorOperators.ADD);
    float total1 = sum1.reduceLanes(VectorOperators.ADD);
    float total2 = sum2.reduceLanes(VectorOperators.ADD);
    float total3 = sum3.reduceLanes(VectorOperators.ADD);
    for (int i = bound; i < width; i++) {
      long offset = (long) i * Float.BYTES;
      float v = get(x, at + offset);
      total0 += v * get(m, at0 + offset);
      total1 += v * get(m, at1 + offset);
      total2 += v * get(m, at2 + offset);
      total3 += v * get(m, at3 + offset);
    }
    long to = output.at(row) + (long) first * Float.BYTES;
    set(output.memory(), to, total0);
    set(output.memory(), to + Float.BYTES, total1);
    set(output.memory(), to + 2 * Float.BYTES, total2);
    set(output.memory(), to + 3 * Float.BYTES, total3);
  }

  private static float dot(MemorySegment a, long fromA, MemorySegment b, long fromB, int width) {
    int bound = SPECIES.loopBound(width);
    FloatVector sum = FloatVector.zero(SPECIES);
    for (int i = 0; i < bound; i += LANES) {
      long offset = (long) i * Float.BYTES;
      sum =
          FloatVector.fromMemorySegment(SPECIES, a, fromA + offset, ORDER)
              .fma(FloatVector.fromMemorySegment(SPECIES, b, fromB + offset, ORDER), sum);
    }
    float total = sum.reduceLanes(VectorOperators.ADD);
    for (int i = bound; i < width; i++) {
      long offset = (long) i * Float.BYTES;
      total += get(a, fromA + offset) * get(b, fromB + offset);
    }
    return total;
  }

  /** Adds the first rows of one to another's. */
  static void add(Rows target, int rows, Rows summand) {
    add(target.memory(), 0, summand.memory(), rows * target.width());
  }

  /** Adds values to one row. */
  static void add(Rows target, int row, MemorySegment summand) {
    add(target.memory(), target.at(row), summand, target.width());
  }

  private static void add(MemorySegment x, long from, MemorySegment y, int elements) {
    int bound = SPECIES.loopBound(elements);
    for (int i = 0; i < bound; i += LANES) {
      long offset = (long) i * Float.BYTES;
      FloatVector.fromMemorySegment(SPECIES, x, from + offset, ORDER)
          .add(FloatVector.fromMemorySegment(SPECIES, y, offset, ORDER))
          .intoMemorySegment(x, from + offset, ORDER);
    }
    for (int i = bound; i < elements; i++) {
      long offset = (long) i * Float.BYTES;
      set(x, from + offset, get(x, from + offset) + get(y, offset));
    }
  }

  /**
   * Multiplies the second half of each of the first rows by the SiLU of the first half.
   *
   * @param gates {@code [rows, 2 * width]}
   * @param output {@code [rows, width]}
   */
  static void gate(Rows gates, int rows, Rows output) {
    int width = output.width();
    MemorySegment x = gates.memory();
    MemorySegment y = output.memory();
    int bound = SPECIES.loopBound(width);
    for (int row = 0; row < rows; row++) {
      long gate = gates.at(row);
      long up = gate + (long) width * Float.BYTES;
      long to = output.at(row);
      for (int i = 0; i < bound; i += LANES) {
        long offset = (long) i * Float.BYTES;
        FloatVector g = FloatVector.fromMemorySegment(SPECIES, x, gate + offset, ORDER);
        g.div(g.neg().lanewise(VectorOperators.EXP).add(1f))
            .mul(FloatVector.fromMemorySegment(SPECIES, x, up + offset, ORDER))
            .intoMemorySegment(y, to + offset, ORDER);
      }
      for (int i = bound; i < width; i++) {
        long offset = (long) i * Float.BYTES;
        float g = get(x, gate + offset);
        set(y, to + offset, (float) (g / (1 + Math.exp(-g)) * get(x, up + offset)));
      }
    }
  }

  private static float get(MemorySegment segment, long at) {
    return segment.get(ValueLayout.JAVA_FLOAT, at);
  }

  private static void set(MemorySegment segment, long at, float value) {
    segment.set(ValueLayout.JAVA_FLOAT, at, value);
  }
}
