package dev.drpo.policy.sampler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.drpo.policy.sampler.VectorOperations.Rows;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/**
 * Each operation against its definition in double precision, at widths that vectors do not fill.
 */
class VectorOperationsTest {
  private static final int ROWS = 3;
  private static final double EPSILON = 1e-6;

  @Property(tries = 60)
  void rowsAreScaledToARootMeanSquareOfOne(
      @ForAll @IntRange(min = 1, max = 70) int width, @ForAll Random random) {
    try (Arena arena = Arena.ofConfined()) {
      Rows input = rows(arena, width, random);
      Rows gain = rows(arena, width, random);
      Rows output = rows(arena, width, random);
      float untouched = at(output, 2, 0);

      VectorOperations.normalize(input, 2, width, gain.memory(), EPSILON, output);

      for (int row = 0; row < 2; row++) {
        double squares = 0;
        for (int i = 0; i < width; i++) {
          squares += Math.pow(at(input, row, i), 2);
        }
        double scale = 1 / Math.sqrt(squares / width + EPSILON);
        for (int i = 0; i < width; i++) {
          assertThat((double) at(output, row, i))
              .isCloseTo(at(input, row, i) * scale * at(gain, 0, i), within(1e-5));
        }
      }
      assertThat(at(output, 2, 0)).isEqualTo(untouched);
    }
  }

  @Property(tries = 60)
  void sumsAreElementwise(@ForAll @IntRange(min = 1, max = 70) int width, @ForAll Random random) {
    try (Arena arena = Arena.ofConfined()) {
      Rows target = rows(arena, width, random);
      Rows summand = rows(arena, width, random);
      float[] before = target.memory().toArray(ValueLayout.JAVA_FLOAT);

      VectorOperations.add(target, 2, width, summand);

      for (int i = 0; i < ROWS * width; i++) {
        float added = i < 2 * width ? at(summand, 0, i) : 0;
        assertThat(at(target, 0, i)).isEqualTo(before[i] + added);
      }
    }
  }

  @Property(tries = 60)
  void theSecondHalfIsGatedByTheSiluOfTheFirst(
      @ForAll @IntRange(min = 1, max = 70) int width, @ForAll Random random) {
    try (Arena arena = Arena.ofConfined()) {
      Rows gates = rows(arena, 2 * width, random);
      Rows output = rows(arena, width, random);
      gates.memory().setAtIndex(ValueLayout.JAVA_FLOAT, 0, -100);

      VectorOperations.gate(gates, 2, width, output);

      for (int row = 0; row < 2; row++) {
        for (int i = 0; i < width; i++) {
          double gate = at(gates, row, i);
          assertThat((double) at(output, row, i))
              .isCloseTo(gate / (1 + Math.exp(-gate)) * at(gates, row, width + i), within(1e-5));
        }
      }
    }
  }

  @Property(tries = 60)
  void aSumOfLanesIsThatOfItsValues(
      @ForAll @IntRange(min = 0, max = 4) int exponent, @ForAll Random random) {
    float[] values = new float[3 + (1 << exponent)];
    double sum = 0;
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
      sum += i < 3 ? 0 : values[i];
    }
    assertThat((double) VectorOperations.sum(values, 3, 1 << exponent))
        .isCloseTo(sum, within(1e-5));
  }

  private static Rows rows(Arena arena, int width, Random random) {
    MemorySegment memory = arena.allocate((long) ROWS * width * Float.BYTES, 64);
    for (int i = 0; i < ROWS * width; i++) {
      memory.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) random.nextGaussian());
    }
    return new Rows(memory, width);
  }

  private static float at(Rows rows, int row, int column) {
    return rows.memory().getAtIndex(ValueLayout.JAVA_FLOAT, (long) row * rows.width() + column);
  }
}
