package dev.drpo.policy;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Attention of one token's queries to cached keys and values, in fp32 on the CPU, by vector
 * instructions. It reads a key or value once for all the query heads that share it, and so runs at
 * the speed of the memory, which a product of matrices with so few rows is far from.
 *
 * <p>Keys lie in blocks of {@link #LANES} positions, {@code [blocks, head size, LANES]}, so that
 * one vector holds one component of as many positions; values lie as {@code [positions, head
 * size]}. A score is a sum over components in their order, and a result one over positions in
 * theirs: both depend on the sequence alone, not on what else is decoded.
 *
 * <p>One thread uses an instance, which holds the scores.
 */
final class VectorAttention {
  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();

  /** Positions in a block of keys. */
  static final int LANES = SPECIES.length();

  /** Query heads that go through the keys together: as many sums as hide an addition's latency. */
  private static final int TILE = 4;

  /** Components of values that go through a response together. */
  static final int PANEL = 2 * LANES;

  private static final long VECTOR = (long) LANES * Float.BYTES;

  private final int headSize;
  private final float scale;
  private final int capacity;

  /** {@code [TILE, head size]}. */
  private final float[] queries;

  /** {@code [TILE, capacity]}. */
  private final float[] scores;

  private final float[] sums = new float[TILE];

  /**
   * Makes room for scores.
   *
   * @param headSize a multiple of {@link #LANES}
   * @param blocks most blocks of positions that a query attends to
   */
  VectorAttention(int headSize, int blocks) {
    if (headSize % LANES != 0) {
      throw new IllegalArgumentException(
          "heads of %d components; vectors here take multiples of %d".formatted(headSize, LANES));
    }
    this.headSize = headSize;
    this.scale = (float) (1 / Math.sqrt(headSize));
    this.capacity = blocks * LANES;
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
    int second = blocks(prompt.length()) * LANES;
    for (int head = 0; head < heads; head += TILE) {
      int tile = Math.min(TILE, heads - head);
      load(query, queryAt + head * headSize, tile);
      score(prompt, 0);
      score(response, second);
      for (int i = 0; i < tile; i++) {
        sums[i] = exponentials(i * capacity, second + response.length());
      }
      for (int panel = 0; panel < headSize / PANEL; panel++) {
        weigh(prompt, response, second, panel, tile, output, outputAt + head * headSize);
      }
    }
  }

  static int blocks(int positions) {
    return (positions + LANES - 1) / LANES;
  }

  /** Takes up to {@link #TILE} queries, scaled; the rest of the tile repeats what it had. */
  private void load(float[] query, int at, int tile) {
    for (int i = 0; i < tile * headSize; i++) {
      queries[i] = query[at + i] * scale;
    }
  }

  /** Scores of a span's blocks, from an element on; those beyond the length are minus infinity. */
  private void score(Span span, int at) {
    int blocks = blocks(span.length());
    for (int block = 0; block < blocks; block++) {
      scoreBlock(span.keys(), span.keysAt() + block * headSize * VECTOR, at + block * LANES);
    }
    for (int i = at + span.length(); i < at + blocks * LANES; i++) {
      for (int query = 0; query < TILE; query++) {
        scores[query * capacity + i] = Float.NEGATIVE_INFINITY;
      }
    }
  }

  /**
   * Even and odd components have sums of their own, since an addition takes as long as many start.
   */
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
    for (int i = 0; i < size; i += 2) {
      FloatVector k = FloatVector.fromMemorySegment(SPECIES, keys, from + i * VECTOR, ORDER);
      FloatVector l = FloatVector.fromMemorySegment(SPECIES, keys, from + (i + 1) * VECTOR, ORDER);
      a = k.fma(FloatVector.broadcast(SPECIES, q[i]), a);
      b = k.fma(FloatVector.broadcast(SPECIES, q[size + i]), b);
      c = k.fma(FloatVector.broadcast(SPECIES, q[2 * size + i]), c);
      d = k.fma(FloatVector.broadcast(SPECIES, q[3 * size + i]), d);
      e = l.fma(FloatVector.broadcast(SPECIES, q[i + 1]), e);
      f = l.fma(FloatVector.broadcast(SPECIES, q[size + i + 1]), f);
      g = l.fma(FloatVector.broadcast(SPECIES, q[2 * size + i + 1]), g);
      h = l.fma(FloatVector.broadcast(SPECIES, q[3 * size + i + 1]), h);
    }
    a.add(e).intoArray(scores, to);
    b.add(f).intoArray(scores, capacity + to);
    c.add(g).intoArray(scores, 2 * capacity + to);
    d.add(h).intoArray(scores, 3 * capacity + to);
  }

  /** Replaces scores by their exponentials relative to the greatest, and returns their sum. */
  private float exponentials(int at, int length) {
    int end = at + blocks(length) * LANES;
    FloatVector greatest = FloatVector.broadcast(SPECIES, Float.NEGATIVE_INFINITY);
    for (int i = at; i < end; i += LANES) {
      greatest = greatest.max(FloatVector.fromArray(SPECIES, scores, i));
    }
    FloatVector shift = FloatVector.broadcast(SPECIES, greatest.reduceLanes(VectorOperators.MAX));
    FloatVector sum = FloatVector.zero(SPECIES);
    for (int i = at; i < end; i += LANES) {
      FloatVector e =
          FloatVector.fromArray(SPECIES, scores, i).sub(shift).lanewise(VectorOperators.EXP);
      e.intoArray(scores, i);
      sum = sum.add(e);
    }
    return sum.reduceLanes(VectorOperators.ADD);
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
    int to = at + panel * PANEL;
    put(a, e, 0, output, to);
    if (tile > 1) {
      put(b, f, 1, output, to);
    }
    if (tile > 2) {
      put(c, g, 2, output, to);
    }
    if (tile > 3) {
      put(d, h, 3, output, to);
    }
  }

  private void put(FloatVector low, FloatVector high, int query, float[] output, int at) {
    low.div(sums[query]).intoArray(output, at + query * headSize);
    high.div(sums[query]).intoArray(output, at + query * headSize + LANES);
  }
}
