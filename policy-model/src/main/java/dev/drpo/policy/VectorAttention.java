package dev.drpo.policy;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Attention of one token's queries to cached keys and values, in fp32 on the CPU, by vector
 * instructions. It reads a key or value once for all the query heads that share it, and so runs at
 * the speed of the memory, which a product of matrices with so few rows is far from.
 *
 * <p>Keys lie in blocks of positions, {@code [blocks, head size, BLOCK]}, so that a vector holds
 * one component of several positions; values lie in panels of components, {@code [panels,
 * positions, BLOCK]}. A score is a sum over components in their order, and a result one over
 * positions in theirs: both depend on the sequence alone, not on what else is decoded. Scores of
 * more than {@link #HEADROOM} above the first ones shift all exponentials, which is seldom.
 *
 * <p>One thread uses an instance, which holds the scores.
 */
final class VectorAttention {
  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();

  private static final int LANES = SPECIES.length();

  /**
   * Positions of keys that lie together, and components of values: two vectors, so that what is
   * broadcast to the one serves the other, and memory is still read in its order.
   */
  static final int BLOCK = 2 * LANES;

  /** Query heads that go through the keys together: as many sums as hide an addition's latency. */
  private static final int TILE = 4;

  /** How far a score may be above the shift; exponentials of thousands of such can be summed. */
  private static final float HEADROOM = 16;

  private static final long VECTOR = (long) LANES * Float.BYTES;

  private final int headSize;
  private final float scale;
  private final int capacity;

  /** {@code [TILE, head size]}. */
  private final float[] queries;

  /** {@code [TILE, capacity]}. */
  private final float[] scores;

  /** {@code [TILE, LANES]}: sums of exponentials, each over every so many positions. */
  private final float[] sums = new float[TILE * LANES];

  /** {@code [TILE]}: what is subtracted from scores, so that no exponential overflows. */
  private final float[] shifts = new float[TILE];

  /**
   * Makes room for scores.
   *
   * @param headSize a multiple of {@link #BLOCK}
   * @param blocks most blocks of positions that a query attends to
   */
  VectorAttention(int headSize, int blocks) {
    if (headSize % BLOCK != 0) {
      throw new IllegalArgumentException(
          "heads of %d components; vectors here take multiples of %d".formatted(headSize, BLOCK));
    }
    this.headSize = headSize;
    this.scale = (float) (1 / Math.sqrt(headSize));
    this.capacity = blocks * BLOCK;
    this.queries = new float[TILE * headSize];
    this.scores = new float[TILE * capacity];
  }

  /**
   * Cached positions of one key/value head.
   *
   * @param keys where its keys are
   * @param keysAt byte at which they begin
   * @param values where its values are
   * @param valuesAt byte at which they begin
   * @param panelBytes from the beginning of one panel of values to that of the next
   * @param length positions that count
   */
  record Span(
      MemorySegment keys,
      long keysAt,
      MemorySegment values,
      long valuesAt,
      long panelBytes,
      int length) {}

  /**
   * Attends to two spans, a prompt's and a response's, as if they were one.
   *
   * @param query queries {@code [heads, head size]} of the heads that share the spans
   * @param queryAt element at which they begin
   * @param heads how many
   * @param output takes {@code [heads, head size]}
   * @param outputAt element at which it takes them
   */
  void attend(
      float[] query,
      int queryAt,
      int heads,
      Span prompt,
      Span response,
      float[] output,
      int outputAt) {
    int second = blocks(prompt.length()) * BLOCK;
    for (int head = 0; head < heads; head += TILE) {
      int tile = Math.min(TILE, heads - head);
      load(query, queryAt + head * headSize, tile);
      Arrays.fill(shifts, Float.NEGATIVE_INFINITY);
      Arrays.fill(sums, 0);
      score(prompt, 0, tile);
      score(response, second, tile);
      for (int panel = 0; panel < headSize / BLOCK; panel++) {
        weigh(prompt, response, second, panel, tile, output, outputAt + head * headSize);
      }
    }
  }

  static int blocks(int positions) {
    return (positions + BLOCK - 1) / BLOCK;
  }

  /** Takes up to {@link #TILE} queries, scaled; the rest of the tile repeats what it had. */
  private void load(float[] query, int at, int tile) {
    for (int i = 0; i < tile * headSize; i++) {
      queries[i] = query[at + i] * scale;
    }
  }

  /**
   * Exponentials of a span's scores, from an element on; those beyond the length are nothing. They
   * are taken block by block, so that the memory brings the next keys meanwhile.
   */
  private void score(Span span, int at, int tile) {
    int blocks = blocks(span.length());
    for (int block = 0; block < blocks; block++) {
      int to = at + block * BLOCK;
      scoreBlock(span.keys(), span.keysAt() + 2L * block * headSize * VECTOR, to);
      for (int query = 0; query < tile; query++) {
        if (block == blocks - 1) {
          int row = query * capacity;
          Arrays.fill(scores, row + at + span.length(), row + to + BLOCK, Float.NEGATIVE_INFINITY);
        }
        exponentiate(query, to);
      }
    }
  }

  private void scoreBlock(MemorySegment keys, long from, int to) {
    float[] q = queries;
    int size = headSize;
    FloatVector a = FloatVector.zero(SPECIES);
    FloatVector b = a;
    FloatVector c = a;
    FloatVector d = a;
    FloatVector e = a;
    FloatVector f = a;
    FloatVector g = a;
    FloatVector h = a;
    for (int i = 0; i < size; i++) {
      long component = from + 2 * i * VECTOR;
      FloatVector k = FloatVector.fromMemorySegment(SPECIES, keys, component, ORDER);
      FloatVector l = FloatVector.fromMemorySegment(SPECIES, keys, component + VECTOR, ORDER);
      FloatVector first = FloatVector.broadcast(SPECIES, q[i]);
      FloatVector other = FloatVector.broadcast(SPECIES, q[size + i]);
      FloatVector third = FloatVector.broadcast(SPECIES, q[2 * size + i]);
      FloatVector fourth = FloatVector.broadcast(SPECIES, q[3 * size + i]);
      a = k.fma(first, a);
      b = k.fma(other, b);
      c = k.fma(third, c);
      d = k.fma(fourth, d);
      e = l.fma(first, e);
      f = l.fma(other, f);
      g = l.fma(third, g);
      h = l.fma(fourth, h);
    }
    put(a, e, scores, to);
    put(b, f, scores, capacity + to);
    put(c, g, scores, 2 * capacity + to);
    put(d, h, scores, 3 * capacity + to);
  }

  private static void put(FloatVector low, FloatVector high, float[] target, int at) {
    low.intoArray(target, at);
    high.intoArray(target, at + LANES);
  }

  /** Replaces a block's scores by their exponentials relative to the query's shift. */
  private void exponentiate(int query, int block) {
    int at = query * capacity + block;
    FloatVector low = FloatVector.fromArray(SPECIES, scores, at);
    FloatVector high = FloatVector.fromArray(SPECIES, scores, at + LANES);
    FloatVector greatest = low.max(high);
    if (greatest.compare(VectorOperators.GT, shifts[query] + HEADROOM).anyTrue()) {
      raise(query, block, greatest.reduceLanes(VectorOperators.MAX));
    }
    FloatVector e = low.sub(shifts[query]).lanewise(VectorOperators.EXP);
    FloatVector f = high.sub(shifts[query]).lanewise(VectorOperators.EXP);
    put(e, f, scores, at);
    FloatVector.fromArray(SPECIES, sums, query * LANES)
        .add(e.add(f))
        .intoArray(sums, query * LANES);
  }

  /** Makes the exponentials before a block, and their sums, relative to another shift. */
  private void raise(int query, int block, float shift) {
    float factor = (float) Math.exp(shifts[query] - shift);
    int row = query * capacity;
    for (int i = row; i < row + block; i++) {
      scores[i] *= factor;
    }
    for (int i = query * LANES; i < (query + 1) * LANES; i++) {
      sums[i] *= factor;
    }
    shifts[query] = shift;
  }

  /** Means of one panel of the values' components, weighted by the exponentials. */
  private void weigh(
      Span prompt, Span response, int second, int panel, int tile, float[] output, int at) {
    float[] w = scores;
    FloatVector a = FloatVector.zero(SPECIES);
    FloatVector b = a;
    FloatVector c = a;
    FloatVector d = a;
    FloatVector e = a;
    FloatVector f = a;
    FloatVector g = a;
    FloatVector h = a;
    for (int part = 0; part < 2; part++) {
      Span span = part == 0 ? prompt : response;
      int from = part == 0 ? 0 : second;
      MemorySegment values = span.values();
      long value = span.valuesAt() + panel * span.panelBytes();
      int length = span.length();
      for (int i = 0; i < length; i++) {
        long position = value + 2 * i * VECTOR;
        FloatVector v = FloatVector.fromMemorySegment(SPECIES, values, position, ORDER);
        FloatVector x = FloatVector.fromMemorySegment(SPECIES, values, position + VECTOR, ORDER);
        FloatVector first = FloatVector.broadcast(SPECIES, w[from + i]);
        FloatVector other = FloatVector.broadcast(SPECIES, w[capacity + from + i]);
        FloatVector third = FloatVector.broadcast(SPECIES, w[2 * capacity + from + i]);
        FloatVector fourth = FloatVector.broadcast(SPECIES, w[3 * capacity + from + i]);
        a = v.fma(first, a);
        b = v.fma(other, b);
        c = v.fma(third, c);
        d = v.fma(fourth, d);
        e = x.fma(first, e);
        f = x.fma(other, f);
        g = x.fma(third, g);
        h = x.fma(fourth, h);
      }
    }
    int to = at + panel * BLOCK;
    mean(a, e, 0, output, to);
    if (tile > 1) {
      mean(b, f, 1, output, to);
    }
    if (tile > 2) {
      mean(c, g, 2, output, to);
    }
    if (tile > 3) {
      mean(d, h, 3, output, to);
    }
  }

  private void mean(FloatVector low, FloatVector high, int query, float[] output, int at) {
    float sum =
        FloatVector.fromArray(SPECIES, sums, query * LANES).reduceLanes(VectorOperators.ADD);
    put(low.div(sum), high.div(sum), output, at + query * headSize);
  }
}
