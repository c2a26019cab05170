package dev.drpo.policy.sampler;

import dev.drpo.policy.decoder.Panels;
import dev.drpo.policy.sampler.VectorOperations.Rows;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Products of rows with a matrix in {@link Panels}, in fp32 on the CPU, by vector instructions.
 *
 * <p>An output is one sum, over the inputs in their order, that begins with the bias: a chain of
 * fused multiply-adds, whose bits depend on the row and the matrix alone, not on how many rows
 * there are, on where the row stands among them, or on the machine. A tensor library promises none
 * of this: it takes another kernel for few rows than for many.
 *
 * <p>Four vectors of outputs are summed for up to four rows at a time: as many sums as hide an
 * addition's latency, of which each vector of the matrix that is read serves four. Vectors are
 * stored where they are summed: handed to a method, they would be put on the heap.
 */
final class PanelProducts {
  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();
  private static final long VECTOR = (long) SPECIES.length() * Float.BYTES;

  /** Outputs that are summed at a time; a panel is one or several times as wide. */
  private static final int OUTPUTS = 4 * SPECIES.length();

  private static final long PANEL = (long) Panels.WIDTH * Float.BYTES;

  /**
   * Rows that are multiplied at a time. Memory of rows has room for a multiple of them, since two
   * or three are multiplied as four: what the others hold is overwritten.
   */
  static final int TILE = 4;

  private PanelProducts() {}

  /** Rows rounded up to whole tiles. */
  static int padded(int rows) {
    return Math.ceilDiv(rows, TILE) * TILE;
  }

  /**
   * Multiplies the first rows.
   *
   * @param panels of a matrix {@code [outputs, inputs]}
   * @param bias {@code [outputs in whole panels]}
   * @param inputs how many there are of each row
   * @param output as wide as the outputs in whole panels, and zero behind the last one
   */
  static void multiply(
      MemorySegment panels, MemorySegment bias, int inputs, Rows input, int rows, Rows output) {
    if (output.width() % Panels.WIDTH != 0) {
      throw new IllegalArgumentException(
          "%d outputs; products come in panels of %d".formatted(output.width(), Panels.WIDTH));
    }
    for (int first = 0; first < output.width(); first += OUTPUTS) {
      int panel = first / Panels.WIDTH;
      long at = panel * inputs * PANEL + (long) first % Panels.WIDTH * Float.BYTES;
      long from = (long) first * Float.BYTES;
      int row = 0;
      for (; row + 1 < rows; row += TILE) {
        tile(panels, at, bias, from, inputs, input, row, output);
      }
      if (row < rows) {
        single(panels, at, bias, from, inputs, input, row, output);
      }
    }
  }

  private static void tile(
      MemorySegment m,
      long matrix,
      MemorySegment bias,
      long from,
      int inputs,
      Rows input,
      int row,
      Rows output) {
    MemorySegment x = input.memory();
    long stride = (long) input.width() * Float.BYTES;
    long first = input.at(row);
    FloatVector a0 = FloatVector.fromMemorySegment(SPECIES, bias, from, ORDER);
    FloatVector a1 = FloatVector.fromMemorySegment(SPECIES, bias, from + VECTOR, ORDER);
    FloatVector a2 = FloatVector.fromMemorySegment(SPECIES, bias, from + 2 * VECTOR, ORDER);
    FloatVector a3 = FloatVector.fromMemorySegment(SPECIES, bias, from + 3 * VECTOR, ORDER);
    FloatVector b0 = a0;
    FloatVector b1 = a1;
    FloatVector b2 = a2;
    FloatVector b3 = a3;
    FloatVector c0 = a0;
    FloatVector c1 = a1;
    FloatVector c2 = a2;
    FloatVector c3 = a3;
    FloatVector d0 = a0;
    FloatVector d1 = a1;
    FloatVector d2 = a2;
    FloatVector d3 = a3;
    for (int i = 0; i < inputs; i++) {
      long at = matrix + i * PANEL;
      long of = first + (long) i * Float.BYTES;
      FloatVector m0 = FloatVector.fromMemorySegment(SPECIES, m, at, ORDER);
      FloatVector m1 = FloatVector.fromMemorySegment(SPECIES, m, at + VECTOR, ORDER);
      FloatVector m2 = FloatVector.fromMemorySegment(SPECIES, m, at + 2 * VECTOR, ORDER);
      FloatVector m3 = FloatVector.fromMemorySegment(SPECIES, m, at + 3 * VECTOR, ORDER);
      FloatVector v = FloatVector.broadcast(SPECIES, x.get(ValueLayout.JAVA_FLOAT, of));
      a0 = m0.fma(v, a0);
      a1 = m1.fma(v, a1);
      a2 = m2.fma(v, a2);
      a3 = m3.fma(v, a3);
      v = FloatVector.broadcast(SPECIES, x.get(ValueLayout.JAVA_FLOAT, of + stride));
      b0 = m0.fma(v, b0);
      b1 = m1.fma(v, b1);
      b2 = m2.fma(v, b2);
      b3 = m3.fma(v, b3);
      v = FloatVector.broadcast(SPECIES, x.get(ValueLayout.JAVA_FLOAT, of + 2 * stride));
      c0 = m0.fma(v, c0);
      c1 = m1.fma(v, c1);
      c2 = m2.fma(v, c2);
      c3 = m3.fma(v, c3);
      v = FloatVector.broadcast(SPECIES, x.get(ValueLayout.JAVA_FLOAT, of + 3 * stride));
      d0 = m0.fma(v, d0);
      d1 = m1.fma(v, d1);
      d2 = m2.fma(v, d2);
      d3 = m3.fma(v, d3);
    }
    MemorySegment y = output.memory();
    a0.intoMemorySegment(y, output.at(row) + from, ORDER);
    a1.intoMemorySegment(y, output.at(row) + from + VECTOR, ORDER);
    a2.intoMemorySegment(y, output.at(row) + from + 2 * VECTOR, ORDER);
    a3.intoMemorySegment(y, output.at(row) + from + 3 * VECTOR, ORDER);
    b0.intoMemorySegment(y, output.at(row + 1) + from, ORDER);
    b1.intoMemorySegment(y, output.at(row + 1) + from + VECTOR, ORDER);
    b2.intoMemorySegment(y, output.at(row + 1) + from + 2 * VECTOR, ORDER);
    b3.intoMemorySegment(y, output.at(row + 1) + from + 3 * VECTOR, ORDER);
    c0.intoMemorySegment(y, output.at(row + 2) + from, ORDER);
    c1.intoMemorySegment(y, output.at(row + 2) + from + VECTOR, ORDER);
    c2.intoMemorySegment(y, output.at(row + 2) + from + 2 * VECTOR, ORDER);
    c3.intoMemorySegment(y, output.at(row + 2) + from + 3 * VECTOR, ORDER);
    d0.intoMemorySegment(y, output.at(row + 3) + from, ORDER);
    d1.intoMemorySegment(y, output.at(row + 3) + from + VECTOR, ORDER);
    d2.intoMemorySegment(y, output.at(row + 3) + from + 2 * VECTOR, ORDER);
    d3.intoMemorySegment(y, output.at(row + 3) + from + 3 * VECTOR, ORDER);
  }

  private static void single(
      MemorySegment m,
      long matrix,
      MemorySegment bias,
      long from,
      int inputs,
      Rows input,
      int row,
      Rows output) {
    MemorySegment x = input.memory();
    long first = input.at(row);
    FloatVector a = FloatVector.fromMemorySegment(SPECIES, bias, from, ORDER);
    FloatVector b = FloatVector.fromMemorySegment(SPECIES, bias, from + VECTOR, ORDER);
    FloatVector c = FloatVector.fromMemorySegment(SPECIES, bias, from + 2 * VECTOR, ORDER);
    FloatVector d = FloatVector.fromMemorySegment(SPECIES, bias, from + 3 * VECTOR, ORDER);
    for (int i = 0; i < inputs; i++) {
      long at = matrix + i * PANEL;
      long of = first + (long) i * Float.BYTES;
      FloatVector v = FloatVector.broadcast(SPECIES, x.get(ValueLayout.JAVA_FLOAT, of));
      a = FloatVector.fromMemorySegment(SPECIES, m, at, ORDER).fma(v, a);
      b = FloatVector.fromMemorySegment(SPECIES, m, at + VECTOR, ORDER).fma(v, b);
      c = FloatVector.fromMemorySegment(SPECIES, m, at + 2 * VECTOR, ORDER).fma(v, c);
      d = FloatVector.fromMemorySegment(SPECIES, m, at + 3 * VECTOR, ORDER).fma(v, d);
    }
    a.intoMemorySegment(output.memory(), output.at(row) + from, ORDER);
    b.intoMemorySegment(output.memory(), output.at(row) + from + VECTOR, ORDER);
    c.intoMemorySegment(output.memory(), output.at(row) + from + 2 * VECTOR, ORDER);
    d.intoMemorySegment(output.memory(), output.at(row) + from + 3 * VECTOR, ORDER);
  }
}
