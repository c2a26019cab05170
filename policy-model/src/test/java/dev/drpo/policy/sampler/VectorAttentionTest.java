package dev.drpo.policy.sampler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Attention by vectors against its definition in double precision. */
class VectorAttentionTest {
  private static final int SEQUENCES = 3;
  private static final int KEY_VALUE_HEADS = 2;
  private static final int ROWS = 2;

  @Property(tries = 150)
  void resultsAreTheSoftmaxWeightedMeansOfTheValues(
      @ForAll @IntRange(min = 1, max = 9) int shared,
      @ForAll @IntRange(min = 1, max = 3) int panels,
      @ForAll @IntRange(max = 70) int promptLength,
      @ForAll @IntRange(min = 1, max = 70) int responseLength,
      @ForAll @IntRange(min = 1, max = 3) int pageBlocks,
      @ForAll Random random) {
    int headSize = panels * VectorAttention.BLOCK;
    int heads = shared * KEY_VALUE_HEADS;
    try (Arena arena = Arena.ofConfined()) {
      Filled prompt = new Filled(arena, headSize, promptLength, pageBlocks, random);
      Filled response = new Filled(arena, headSize, responseLength, pageBlocks, random);
      VectorAttention attention = new VectorAttention(ROWS, heads, KEY_VALUE_HEADS, headSize);
      float[][] queries = new float[ROWS][];
      for (int row = 0; row < ROWS; row++) {
        queries[row] = floats(heads * headSize, 3, random);
        attention.begin(row, queries[row]);
        attention.add(row, prompt.cache, 1, promptLength, 0, prompt.blocks());
      }
      // Rows take turns, block by block.
      for (int block = 0; block < response.blocks(); block++) {
        for (int row = 0; row < ROWS; row++) {
          attention.add(row, response.cache, 2 - row, responseLength, block, 1);
        }
      }

      for (int row = 0; row < ROWS; row++) {
        float[] result = end(attention, row, heads * headSize);
        for (int i = 0; i < heads; i++) {
          Part first = prompt.part(1, i / shared);
          Part second = response.part(2 - row, i / shared);
          double[] expected = oracle(queries[row], i * headSize, headSize, first, second);
          double bound = roundingBound(queries[row], i * headSize, first, second);
          for (int c = 0; c < headSize; c++) {
            assertThat((double) result[i * headSize + c]).isCloseTo(expected[c], within(bound));
          }
        }
      }
    }
  }

  @Property(tries = 50)
  void aMovedSequenceIsReadWhereItIsNow(
      @ForAll @IntRange(min = 1, max = 70) int length,
      @ForAll @IntRange(min = 1, max = 3) int pageBlocks,
      @ForAll Random random) {
    int headSize = 2 * VectorAttention.BLOCK;
    try (Arena arena = Arena.ofConfined()) {
      Filled filled = new Filled(arena, headSize, length, pageBlocks, random);
      float[] query = floats(KEY_VALUE_HEADS * headSize, 1, random);
      float[] before = attend(filled, 2, query);
      float[] bystander = attend(filled, 1, query);

      filled.cache.move(2, 0, length);

      assertThat(attend(filled, 0, query)).isEqualTo(before);
      assertThat(attend(filled, 1, query)).isEqualTo(bystander);
    }
  }

  @Property(tries = 50)
  void everyBlockOfASequenceHasItsOwnPlace(
      @ForAll @IntRange(min = 1, max = 40) int blocks,
      @ForAll @IntRange(min = 1, max = 9) int pageBlocks) {
    int headSize = VectorAttention.BLOCK;
    VectorKvCache cache =
        new VectorKvCache(
            MemorySegment.NULL,
            MemorySegment.NULL,
            SEQUENCES,
            KEY_VALUE_HEADS,
            headSize,
            blocks,
            pageBlocks);
    Set<Long> places = new TreeSet<>();
    for (int sequence = 0; sequence < SEQUENCES; sequence++) {
      for (int block = 0; block < blocks; block++) {
        places.add(cache.at(sequence, block));
      }
    }

    long step = KEY_VALUE_HEADS * cache.blockBytes();
    assertThat(places)
        .containsExactlyElementsOf(
            LongStream.range(0, (long) SEQUENCES * blocks).map(i -> i * step).boxed().toList());
  }

  @Test
  void scoresFarApartNeitherOverflowNorVanish() {
    int headSize = VectorAttention.BLOCK;
    try (Arena arena = Arena.ofConfined()) {
      Filled filled = new Filled(arena, headSize, 2, 1, new Random(1));
      float[] large = new float[headSize];
      float[] value = new float[headSize];
      large[0] = 1e4f;
      value[0] = 7;
      filled.put(0, 0, 1, large, value);
      large[0] = -1e4f;
      filled.put(0, 0, 0, large, new float[headSize]);
      float[] query = new float[KEY_VALUE_HEADS * headSize];
      query[0] = 1;

      assertThat(Arrays.copyOf(attend(filled, 0, query), headSize)).isEqualTo(value);
    }
  }

  @Property(tries = 50)
  void scoresMayRiseAndFallByAnyAmountFromBlockToBlock(
      @ForAll @IntRange(min = 2, max = 70) int length,
      @ForAll @DoubleRange(min = -3, max = 3) double rise,
      @ForAll Random random) {
    int headSize = VectorAttention.BLOCK;
    try (Arena arena = Arena.ofConfined()) {
      Filled filled = new Filled(arena, headSize, length, 1, random);
      float[] query = new float[KEY_VALUE_HEADS * headSize];
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
    assertThatThrownBy(() -> new VectorAttention(1, 1, 1, VectorAttention.BLOCK + 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(String.valueOf(VectorAttention.BLOCK));
  }

  /** One query for each key/value head. */
  private static float[] attend(Filled filled, int sequence, float[] query) {
    VectorAttention attention =
        new VectorAttention(1, KEY_VALUE_HEADS, KEY_VALUE_HEADS, query.length / KEY_VALUE_HEADS);
    attention.begin(0, query);
    for (int block = 0; block < filled.blocks(); block++) {
      attention.add(0, filled.cache, sequence, filled.length, block, 1);
    }
    return end(attention, 0, query.length);
  }

  /** What a row ends with, behind one more element. */
  private static float[] end(VectorAttention attention, int row, int elements) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment result = arena.allocate((1 + elements) * (long) Float.BYTES);
      attention.end(row, result, Float.BYTES);
      assertThat(result.get(ValueLayout.JAVA_FLOAT, 0)).isZero();
      return result.asSlice(Float.BYTES).toArray(ValueLayout.JAVA_FLOAT);
    }
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
    private final VectorKvCache cache;
    private final int length;
    private final Part[] parts = new Part[SEQUENCES * KEY_VALUE_HEADS];

    Filled(Arena arena, int headSize, int length, int pageBlocks, Random random) {
      this.length = length;
      int blocks = blocks() + 1;
      long bytes = VectorKvCache.bytes(SEQUENCES, KEY_VALUE_HEADS, headSize, blocks);
      MemorySegment keys = arena.allocate(bytes, 64).fill((byte) -1);
      MemorySegment values = arena.allocate(bytes, 64).fill((byte) -1);
      cache =
          new VectorKvCache(keys, values, SEQUENCES, KEY_VALUE_HEADS, headSize, blocks, pageBlocks);
      for (int sequence = 0; sequence < SEQUENCES; sequence++) {
        for (int head = 0; head < KEY_VALUE_HEADS; head++) {
          Part part = new Part(new float[length][], new float[length][]);
          parts[sequence * KEY_VALUE_HEADS + head] = part;
          for (int i = 0; i < length; i++) {
            part.keys[i] = floats(headSize, 1, random);
            part.values[i] = floats(headSize, 1, random);
          }
        }
        for (int i = 0; i < length; i++) {
          Part first = part(sequence, 0);
          put(sequence, 0, i, first.keys[i], first.values[i]);
        }
      }
    }

    void put(int sequence, int head, int position, float[] key, float[] value) {
      Part[] heads =
          Arrays.copyOfRange(parts, sequence * KEY_VALUE_HEADS, (sequence + 1) * KEY_VALUE_HEADS);
      float[] keys = new float[KEY_VALUE_HEADS * key.length];
      float[] values = new float[KEY_VALUE_HEADS * key.length];
      for (int i = 0; i < KEY_VALUE_HEADS; i++) {
        System.arraycopy(
            i == head ? key : heads[i].keys[position], 0, keys, i * key.length, key.length);
        System.arraycopy(
            i == head ? value : heads[i].values[position], 0, values, i * key.length, key.length);
      }
      put(sequence, position, keys, values);
    }

    private void put(int sequence, int position, float[] keys, float[] values) {
      cache.putKeys(sequence, position, keys, 0);
      try (Arena arena = Arena.ofConfined()) {
        cache.putValues(sequence, position, arena.allocateFrom(ValueLayout.JAVA_FLOAT, values), 0);
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
