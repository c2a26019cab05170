package dev.drpo.policy.sampler;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Attention of rows' queries to cached keys and values, one token a row, in fp32 on the CPU, by
 * vector instructions. It reads a key or value once for all the query heads that share it, and so
 * runs at the speed of the memory, which a product of matrices with so few rows is far from.
 *
 * <p>A row {@link #begin begins} with its queries, {@link #add adds} blocks of its prompt and its
 * response, in their order, and {@link #end ends}; rows may take turns. One pass goes through keys
 * and values block by block: the memory brings the values while the keys are worked on, and the
 * next keys meanwhile. A score is a sum over components in their order, and a result one over
 * positions in theirs: the bits of both depend on the sequence alone, not on what else is decoded.
 * Scores are logarithms to base 2, since powers of two take the least work. A score of more than
 * {@link #HEADROOM} above the first ones shifts all powers, which is seldom.
 *
 * <p>One thread uses an instance, which holds the rows' sums.
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

  /** How far a score may be above the shift; powers of two of thousands of such can be summed. */
  private static final float HEADROOM = 16;

  private static final long VECTOR = (long) LANES * Float.BYTES;

  private final int keyValueHeads;
  private final int headSize;

  /** Query heads that share a key/value head. */
  private final int shared;

  /** Tiles that they make. */
  private final int tiles;

  /** Makes products of queries and keys logarithms to base 2. */
  private final float scale;

  /** {@code [rows, key/value heads, tiles, TILE, head size]}, zeros where a tile is not full. */
  private final float[] queries;

  /** {@code [TILE, BLOCK]}: scores of a block, then their powers. */
  private final float[] weights = new float[TILE * BLOCK];

  /** One per query head, in their order: what is subtracted so that no power overflows. */
  private final float[] shifts;

  /** {@link #LANES} per query head: sums of powers, each over every so many positions. */
  private final float[] sums;

  /** {@code [rows, key/value heads, tiles, panels, TILE, BLOCK]}: sums of weighted values. */
  private final float[] totals;

  /**
   * Makes room for the sums.
   *
   * @param rows most rows that have begun and not ended
   * @param heads query heads, a multiple of the key/value heads
   * @param headSize a multiple of {@link #BLOCK}
   */
  VectorAttention(int rows, int heads, int keyValueHeads, int headSize) {
    if (headSize % BLOCK != 0) {
      throw new IllegalArgumentException(
          "heads of %d components; vectors here take multiples of %d".formatted(headSize, BLOCK));
    }
    this.keyValueHeads = keyValueHeads;
    this.headSize = headSize;
    this.shared = heads / keyValueHeads;
    this.tiles = Math.ceilDiv(shared, TILE);
    this.scale = (float) (1 / (Math.log(2) * Math.sqrt(headSize)));
    int queryHeads = rows * keyValueHeads * tiles * TILE;
    this.queries = new float[queryHeads * headSize];
    this.shifts = new float[queryHeads];
    this.sums = new float[queryHeads * LANES];
    this.totals = new float[queryHeads * headSize];
  }

  static int blocks(int positions) {
    return Math.ceilDiv(positions, BLOCK);
  }

  /**
   * A row has seen nothing yet.
   *
   * @param query {@code [heads, head size]} from its first element on
   */
  void begin(int row, float[] query) {
    int perRow = keyValueHeads * tiles * TILE;
    Arrays.fill(shifts, row * perRow, (row + 1) * perRow, Float.NEGATIVE_INFINITY);
    Arrays.fill(sums, row * perRow * LANES, (row + 1) * perRow * LANES, 0);
    Arrays.fill(totals, row * perRow * headSize, (row + 1) * perRow * headSize, 0);
    for (int head = 0; head < keyValueHeads; head++) {
      int from = head * shared * headSize;
      int to = tile(row, head, 0) * TILE * headSize;
      for (int i = 0; i < shared * headSize; i++) {
        queries[to + i] = query[from + i] * scale;
      }
    }
  }

  /**
   * A row sees blocks of a sequence.
   *
   * @param length positions of the sequence that count
   * @param block the first of the blocks, of which at least one position counts
   * @param count how many; the length may end within the last
   */
  void add(int row, VectorKvCache cache, int sequence, int length, int block, int count) {
    for (int i = block; i < block + count; i++) {
      int used = Math.min(BLOCK, length - i * BLOCK);
      long from = cache.at(sequence, i);
      for (int head = 0; head < keyValueHeads; head++) {
        for (int tile = 0; tile < tiles; tile++) {
          int heads = Math.min(TILE, shared - tile * TILE);
          add(tile(row, head, tile), heads, cache, from + head * cache.blockBytes(), used);
        }
      }
    }
  }

  private int tile(int row, int head, int tile) {
    return (row * keyValueHeads + head) * tiles + tile;
  }

  /** Adds a block's powers and weighted values to a tile's sums. */
  private void add(int tile, int heads, VectorKvCache cache, long from, int used) {
    score(cache.keys(), from, tile * TILE * headSize);
    for (int i = 0; i < heads; i++) {
      if (used < BLOCK) {
        // What lies beyond the length weighs nothing.
        Arrays.fill(weights, i * BLOCK + used, (i + 1) * BLOCK, Float.NEGATIVE_INFINITY);
      }
      if (isAbove(i, tile)) {
        raise(i, tile);
      }
    }
    exponentiate(heads, tile * TILE);
    for (int panel = 0; panel < headSize; panel += BLOCK) {
      long panelFrom = from + (long) panel * BLOCK * Float.BYTES;
      weigh(cache.values(), panelFrom, used, tile * TILE * headSize + panel * TILE);
    }
  }

  /** Products of the queries from an element on with a block of keys. */
  private void score(MemorySegment keys, long from, int at) {
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
      FloatVector first = FloatVector.broadcast(SPECIES, q[at + i]);
      FloatVector other = FloatVector.broadcast(SPECIES, q[at + size + i]);
      FloatVector third = FloatVector.broadcast(SPECIES, q[at + 2 * size + i]);
      FloatVector fourth = FloatVector.broadcast(SPECIES, q[at + 3 * size + i]);
      a = k.fma(first, a);
      b = k.fma(other, b);
      c = k.fma(third, c);
      d = k.fma(fourth, d);
      e = l.fma(first, e);
      f = l.fma(other, f);
      g = l.fma(third, g);
      h = l.fma(fourth, h);
    }
    put(weights, 0, a, e);
    put(weights, BLOCK, b, f);
    put(weights, 2 * BLOCK, c, g);
    put(weights, 3 * BLOCK, d, h);
  }

  private boolean isAbove(int query, int tile) {
    float limit = shifts[tile * TILE + query] + HEADROOM;
    return get(weights, query * BLOCK).compare(VectorOperators.GT, limit).anyTrue()
        || get(weights, query * BLOCK + LANES).compare(VectorOperators.GT, limit).anyTrue();
  }

  /** Makes the greatest of a block's scores the shift, and the sums relative to it. */
  private void raise(int query, int tile) {
    int head = tile * TILE + query;
    float before = shifts[head];
    FloatVector low = get(weights, query * BLOCK);
    FloatVector high = get(weights, query * BLOCK + LANES);
    shifts[head] = low.max(high).reduceLanes(VectorOperators.MAX);
    if (before > Float.NEGATIVE_INFINITY) {
      rescale(query, tile, (float) StrictMath.pow(2, before - shifts[head]));
    }
  }

  private void rescale(int query, int tile, float factor) {
    int head = tile * TILE + query;
    for (int i = head * LANES; i < (head + 1) * LANES; i++) {
      sums[i] *= factor;
    }
    for (int panel = 0; panel < headSize; panel += BLOCK) {
      int at = tile * TILE * headSize + panel * TILE + query * BLOCK;
      for (int i = at; i < at + BLOCK; i++) {
        totals[i] *= factor;
      }
    }
  }

  /**
   * Replaces the scores of a tile's first heads by powers of two relative to their shifts, and sums
   * these, see {@link PowerOfTwo}; scores far below the shift weigh nothing. Two vectors are worked
   * on side by side.
   */
  private void exponentiate(int heads, int first) {
    float[] w = weights;
    FloatVector one = FloatVector.broadcast(SPECIES, 1);
    for (int i = 0; i < heads; i++) {
      int at = i * BLOCK;
      float shift = shifts[first + i];
      FloatVector x = get(w, at).sub(shift);
      FloatVector y = get(w, at + LANES).sub(shift);
      FloatVector wholeX = x.add(PowerOfTwo.ROUNDING);
      FloatVector wholeY = y.add(PowerOfTwo.ROUNDING);
      FloatVector restX = x.sub(wholeX.sub(PowerOfTwo.ROUNDING));
      FloatVector restY = y.sub(wholeY.sub(PowerOfTwo.ROUNDING));
      FloatVector c = FloatVector.broadcast(SPECIES, PowerOfTwo.C6);
      FloatVector d = FloatVector.broadcast(SPECIES, PowerOfTwo.C5);
      FloatVector e = c.fma(restX, d);
      FloatVector f = c.fma(restY, d);
      c = FloatVector.broadcast(SPECIES, PowerOfTwo.C4);
      e = e.fma(restX, c);
      f = f.fma(restY, c);
      c = FloatVector.broadcast(SPECIES, PowerOfTwo.C3);
      e = e.fma(restX, c);
      f = f.fma(restY, c);
      c = FloatVector.broadcast(SPECIES, PowerOfTwo.C2);
      e = e.fma(restX, c);
      f = f.fma(restY, c);
      c = FloatVector.broadcast(SPECIES, PowerOfTwo.C1);
      e = e.fma(restX, c).fma(restX, one);
      f = f.fma(restY, c).fma(restY, one);
      IntVector exponentX =
          wholeX.reinterpretAsInts().lanewise(VectorOperators.LSHL, PowerOfTwo.MANTISSA);
      IntVector exponentY =
          wholeY.reinterpretAsInts().lanewise(VectorOperators.LSHL, PowerOfTwo.MANTISSA);
      e = e.mul(exponentX.reinterpretAsFloats());
      f = f.mul(exponentY.reinterpretAsFloats());
      e = e.blend(0, x.compare(VectorOperators.LT, -PowerOfTwo.MOST));
      f = f.blend(0, y.compare(VectorOperators.LT, -PowerOfTwo.MOST));
      put(w, at, e, f);
      int sum = (first + i) * LANES;
      get(sums, sum).add(e.add(f)).intoArray(sums, sum);
    }
  }

  /** Adds one panel of a block's values, weighted, to the totals from an element on. */
  private void weigh(MemorySegment values, long from, int length, int to) {
    float[] w = weights;
    FloatVector a = get(totals, to);
    FloatVector b = get(totals, to + BLOCK);
    FloatVector c = get(totals, to + 2 * BLOCK);
    FloatVector d = get(totals, to + 3 * BLOCK);
    FloatVector e = get(totals, to + LANES);
    FloatVector f = get(totals, to + BLOCK + LANES);
    FloatVector g = get(totals, to + 2 * BLOCK + LANES);
    FloatVector h = get(totals, to + 3 * BLOCK + LANES);
    for (int i = 0; i < length; i++) {
      long position = from + 2 * i * VECTOR;
      FloatVector v = FloatVector.fromMemorySegment(SPECIES, values, position, ORDER);
      FloatVector x = FloatVector.fromMemorySegment(SPECIES, values, position + VECTOR, ORDER);
      FloatVector first = FloatVector.broadcast(SPECIES, w[i]);
      FloatVector other = FloatVector.broadcast(SPECIES, w[BLOCK + i]);
      FloatVector third = FloatVector.broadcast(SPECIES, w[2 * BLOCK + i]);
      FloatVector fourth = FloatVector.broadcast(SPECIES, w[3 * BLOCK + i]);
      a = v.fma(first, a);
      b = v.fma(other, b);
      c = v.fma(third, c);
      d = v.fma(fourth, d);
      e = x.fma(first, e);
      f = x.fma(other, f);
      g = x.fma(third, g);
      h = x.fma(fourth, h);
    }
    put(totals, to, a, e);
    put(totals, to + BLOCK, b, f);
    put(totals, to + 2 * BLOCK, c, g);
    put(totals, to + 3 * BLOCK, d, h);
  }

  /**
   * What a row's queries come to: means of the values, weighted by the exponentials.
   *
   * @param output takes {@code [heads, head size]}
   * @param at byte at which it takes them
   */
  void end(int row, MemorySegment output, long at) {
    for (int i = 0; i < keyValueHeads * shared; i++) {
      int tile = tile(row, i / shared, i % shared / TILE);
      int query = i % shared % TILE;
      float sum = VectorOperations.sum(sums, (tile * TILE + query) * LANES, LANES);
      for (int panel = 0; panel < headSize; panel += BLOCK) {
        int from = tile * TILE * headSize + panel * TILE + query * BLOCK;
        long to = at + (long) (i * headSize + panel) * Float.BYTES;
        get(totals, from).div(sum).intoMemorySegment(output, to, ORDER);
        get(totals, from + LANES).div(sum).intoMemorySegment(output, to + VECTOR, ORDER);
      }
    }
  }

  private static FloatVector get(float[] source, int at) {
    return FloatVector.fromArray(SPECIES, source, at);
  }

  private static void put(float[] target, int at, FloatVector low, FloatVector high) {
    low.intoArray(target, at);
    high.intoArray(target, at + LANES);
  }
}
