package dev.drpo.policy.sampler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drpo.policy.decoder.Panels;
import dev.drpo.policy.sampler.VectorOperations.Rows;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class PanelProductsTest {
  /**
   * The definition in scalar code: the bias, then one fused multiply-add per input, in their order.
   * Equality is that of bits, for every number of rows and wherever a row stands.
   */
  @Property(tries = 120)
  void anOutputIsOneSumInTheOrderOfTheInputs(
      @ForAll @IntRange(min = 1, max = 70) int inputs,
      @ForAll @IntRange(min = 1, max = 150) int outputs,
      @ForAll @IntRange(min = 1, max = 11) int rows,
      @ForAll @IntRange(min = 0, max = 9) int unused,
      @ForAll Random random) {
    try (Arena arena = Arena.ofConfined()) {
      float[] matrix = floats(outputs * inputs, random);
      float[] bias = floats(outputs, random);
      Rows input = rows(arena, rows, inputs + unused, random);
      Rows output = rows(arena, rows, Panels.padded(outputs), random);

      PanelProducts.multiply(
          panels(arena, matrix, outputs, inputs), padded(arena, bias), inputs, input, rows, output);

      for (int row = 0; row < rows; row++) {
        for (int o = 0; o < outputs; o++) {
          float sum = bias[o];
          for (int i = 0; i < inputs; i++) {
            sum = Math.fma(at(input, row, i), matrix[o * inputs + i], sum);
          }
          assertThat(at(output, row, o)).isEqualTo(sum);
        }
        for (int o = outputs; o < output.width(); o++) {
          assertThat(at(output, row, o)).isZero();
        }
      }
    }
  }

  @Test
  void outputsThatEndWithinAPanelAreRefused() {
    try (Arena arena = Arena.ofConfined()) {
      Rows rows = new Rows(arena.allocate(1024, 64), Panels.WIDTH + 1);
      assertThatThrownBy(
              () -> PanelProducts.multiply(rows.memory(), rows.memory(), 1, rows, 1, rows))
          .hasMessage("65 outputs; products come in panels of 64");
    }
  }

  private static MemorySegment panels(Arena arena, float[] matrix, int outputs, int inputs) {
    int width = Panels.WIDTH;
    MemorySegment panels = arena.allocate((long) Panels.padded(outputs) * inputs * Float.BYTES, 64);
    for (int o = 0; o < outputs; o++) {
      for (int i = 0; i < inputs; i++) {
        long at = (long) (o / width) * inputs * width + (long) i * width + o % width;
        panels.setAtIndex(ValueLayout.JAVA_FLOAT, at, matrix[o * inputs + i]);
      }
    }
    return panels;
  }

  private static MemorySegment padded(Arena arena, float[] values) {
    MemorySegment padded = arena.allocate((long) Panels.padded(values.length) * Float.BYTES, 64);
    MemorySegment.copy(values, 0, padded, ValueLayout.JAVA_FLOAT, 0, values.length);
    return padded;
  }

  private static Rows rows(Arena arena, int rows, int width, Random random) {
    float[] values = floats(PanelProducts.padded(rows) * width, random);
    MemorySegment memory = arena.allocate((long) values.length * Float.BYTES, 64);
    MemorySegment.copy(values, 0, memory, ValueLayout.JAVA_FLOAT, 0, values.length);
    return new Rows(memory, width);
  }

  private static float[] floats(int count, Random random) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  private static float at(Rows rows, int row, int i) {
    return rows.memory().get(ValueLayout.JAVA_FLOAT, rows.at(row) + (long) i * Float.BYTES);
  }
}
