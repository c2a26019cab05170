package dev.drpo.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Attention by vectors against its definition in double precision. */
class VectorAttentionTest {
  private static final int SEQUENCES = 3;
  private static final int KEY_VALUE_HEADS = 2;

  @Property(tries = 150)
  void resultsAreTheSoftmaxWeightedMeansOfTheValues(
      @ForAll @IntRange(min = 1, max = 9) int queries,
      @ForAll @IntRange(min = 1, max = 3) int panels,
      @ForAll @IntRange(max = 70) int promptLength,
      @ForAll @IntRange(min = 1, max = 70) int responseLength,
      @ForAll Random random) {
    int headSize = panels * VectorAttention.BLOCK;
    try (Arena arena = Arena.ofConfined()) {
      Filled prompt = new Filled(arena, headSize, promptLength, random);
      Filled response = new Filled(arena, headSize, responseLength, random);
      float[] query = floats(queries * headSize, 3, random);
      float[] result = new float[queries * headSize + 1];

      new VectorAttention(headSize, prompt.blocks() + response.blocks())
          .attend(
              query,
              0,
              queries,
              prompt.cache.span(1, 1, promptLength),
              response.cache.span(2, 0, responseLength),
              result,
              1);

      for (int i = 0; i < queries; i++) {
        double[] expected =
            oracle(query, i * headSize, headSize, prompt.part(1, 1), response.part(2, 0));
        double bound = roundingBound(query, i * headSize, prompt.part(1, 1), response.part(2, 0));
        for (int c = 0; c < headSize; c++) {
          assertThat((double) result[1 + i * headSize + c]).isCloseTo(expected[c], within(bound));
        }
      }
    }
  }

  @Property(tries = 50)
  void aMovedSequenceIsReadWhereItIsNow(
      @ForAll @IntRange(min = 1, max = 70) int length, @ForAll Random random) {
    int headSize = 2 * VectorAttention.BLOCK;
    try (Arena arena = Arena.ofConfined()) {
      Filled filled = new Filled(arena, headSize, length, random);
      float[] query = floats(headSize, 1, random);
      float[] before = attend(filled, 2, query);
      float[] bystander = attend(filled, 1, query);

      filled.cache.move(2, 0, length);

      assertThat(attend(filled, 0, query)).isEqualTo(before);
      assertThat(attend(filled, 1, query)).isEqualTo(bystander);
    }
  }

  @Test
  void scoresFarApartNeitherOverflowNorVanish() {
    int headSize = VectorAttention.BLOCK;
    try (Arena arena = Arena.ofConfined()) {
      Filled filled = new Filled(arena, headSize, 2, new Random(1));
      float[] large = new float[headSize];
      float[] value = new float[headSize];
      large[0] = 1e4f;
      value[0] = 7;
      filled.put(0, 0, 1, large, value);
      large[0] = -1e4f;
      filled.put(0, 0, 0, large, new float[headSize]);
      float[] query = new float[headSize];
      query[0] = 1;

      assertThat(attend(filled, 0, query)).isEqualTo(value);
    }
  }

  @Property(tries = 50)
  void scoresMayRiseByAnyAmountFromBlockToBlock(
      @ForAll @IntRange(min = 2, max = 70) int length,
      @ForAll @DoubleRange(min = 0, max = 3) double rise,
      @ForAll Random random) {
    int headSize = VectorAttention.BLOCK;
    try (Arena arena = Arena.ofConfined()) {
      Filled filled = new Filled(arena, headSize, length, random);
      float[] query = new float[headSize];
      query[0] = (float) Math.sqrt(headSize);
      Part part = filled.part(2, 0);
      for (int i = 0; i < length; i++) {
        part.keys[i][0] = (float) (rise * i);
        filled.put(2, 0, i, part.keys[i], part.values[i]);
      }

      float[] result = attend(filled, 2, query);

      double[] expected = oracle(query, 0, headSize, part);
      for (int c = 0; c < headSize; c++) {
        assertThat((double) result[c])
            .isCloseTo(expected[c], within(roundingBound(query, 0, part)));
      }
    }
  }

  @Test
  void aHeadThatFillsNoPanelIsRefused() {
    assertThatThrownBy(() -> new VectorAttention(VectorAttention.BLOCK + 1, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(String.valueOf(VectorAttention.BLOCK));
  }

  private static float[] attend(Filled filled, int sequence, float[] query) {
    float[] result = new float[query.length];
    new VectorAttention(query.length, filled.blocks())
        .attend(
            query,
            0,
            1,
            filled.cache.span(sequence, 0, 0),
            filled.cache.span(sequence, 0, filled.length),
            result,
            0);
    return result;
  }

  private static double[] oracle(float[] query, int at, int headSize, Part... parts) {
    double greatest = Double.NEGATIVE_INFINITY;
    for (Part part : parts) {
      for (float[] key : part.keys) {
        greatest = Math.max(greatest, score(query, at, key));
      }
    }
    double[] sum = new double[headSize];
    double mass = 0;
    for (Part part : parts) {
      for (int i = 0; i < part.keys.length; i++) {
        double weight = Math.exp(score(query, at, part.keys[i]) - greatest);
        mass += weight;
        for (int c = 0; c < headSize; c++) {
          sum[c] += weight * part.values[i][c];
        }
      }
    }
    for (int c = 0; c < headSize; c++) {
      sum[c] /= mass;
    }
    return sum;
  }

  /**
   * What rounding may do: a score is off by some units of the last place of its summands' sizes, a
   * weight by as much of itself, and a mean by as much of the values.
   */
  private static double roundingBound(float[] query, int at, Part... parts) {
    double summands = 1;
    double value = 0;
    for (Part part : parts) {
      for (int i = 0; i < part.keys.length; i++) {
        double sizes = 0;
        for (int c = 0; c < part.keys[i].length; c++) {
          sizes += Math.abs((double) query[at + c] * part.keys[i][c]);
          value = Math.max(value, Math.abs(part.values[i][c]));
        }
        summands = Math.max(summands, sizes / Math.sqrt(part.keys[i].length));
      }
    }
    return 4 * Math.ulp(1f) * summands * value;
  }

  private static double score(float[] query, int at, float[] key) {
    double score = 0;
    for (int i = 0; i < key.length; i++) {
      score += (double) query[at + i] * key[i];
    }
    return score / Math.sqrt(key.length);
  }

  private static float[] floats(int count, double scale, Random random) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) (scale * random.nextGaussian());
    }
    return values;
  }

  private record Part(float[][] keys, float[][] values) {}

  /** A cache whose sequences are all of one length, and what was put there. */
  private static final class Filled {
    private final VectorCache cache;
    private final int length;
    private final Part[] parts = new Part[SEQUENCES * KEY_VALUE_HEADS];

    Filled(Arena arena, int headSize, int length, Random random) {
      this.length = length;
      int capacity = (VectorAttention.blocks(length) + 1) * VectorAttention.BLOCK;
      long bytes = VectorCache.bytes(SEQUENCES, KEY_VALUE_HEADS, headSize, capacity);
      MemorySegment keys = arena.allocate(bytes, 64).fill((byte) -1);
      MemorySegment values = arena.allocate(bytes, 64).fill((byte) -1);
      cache = new VectorCache(keys, values, KEY_VALUE_HEADS, headSize, capacity);
      for (int sequence = 0; sequence < SEQUENCES; sequence++) {
        for (int head = 0; head < KEY_VALUE_HEADS; head++) {
          Part part = new Part(new float[length][], new float[length][]);
          parts[sequence * KEY_VALUE_HEADS + head] = part;
          for (int i = 0; i < length; i++) {
            part.keys[i] = floats(headSize, 1, random);
            part.values[i] = floats(headSize, 1, random);
            put(sequence, head, i, part.keys[i], part.values[i]);
          }
        }
      }
    }

    void put(int sequence, int head, int position, float[] key, float[] value) {
      cache.putKey(sequence, head, position, key, 0);
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment source = arena.allocateFrom(ValueLayout.JAVA_FLOAT, value);
        cache.putValue(sequence, head, position, source, 0);
      }
    }

    int blocks() {
      return VectorAttention.blocks(length);
    }

    Part part(int sequence, int head) {
      return parts[sequence * KEY_VALUE_HEADS + head];
    }
  }
}
