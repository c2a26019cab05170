package dev.drpo.policy;

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
      float scale = (float) (1 / Math.sqrt(squares(x, at, width) / width + epsilon));
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

  private static float squares(MemorySegment x, long at, int width) {
    int bound = SPECIES.loopBound(width);
    FloatVector sum = FloatVector.zero(SPECIES);
    for (int i = 0; i < bound; i += LANES) {
      FloatVector v = FloatVector.fromMemorySegment(SPECIES, x, at + (long) i * Float.BYTES, ORDER);
      sum = v.fma(v, sum);
    }
    float total = sum.reduceLanes(VectorOperators.ADD);
    for (int i = bound; i < width; i++) {
      float v = get(x, at + (long) i * Float.BYTES);
      total += v * v;
    }
    return total;
  }

  /** Adds the first rows of one to another's. */
  static void add(Rows target, int rows, Rows summand) {
    MemorySegment x = target.memory();
    MemorySegment y = summand.memory();
    int elements = rows * target.width();
    int bound = SPECIES.loopBound(elements);
    for (int i = 0; i < bound; i += LANES) {
      long at = (long) i * Float.BYTES;
      FloatVector.fromMemorySegment(SPECIES, x, at, ORDER)
          .add(FloatVector.fromMemorySegment(SPECIES, y, at, ORDER))
          .intoMemorySegment(x, at, ORDER);
    }
    for (int i = bound; i < elements; i++) {
      long at = (long) i * Float.BYTES;
      set(x, at, get(x, at) + get(y, at));
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
