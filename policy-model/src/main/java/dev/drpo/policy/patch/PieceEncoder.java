package dev.drpo.policy.patch;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Encodes what differs in a stretch of a tensor. One thread uses it, for one stretch. */
final class PieceEncoder {
  /** Elements that one stretch has at most. */
  static final int MAX_ELEMENTS = GapWriter.MAX_GAP;

  /** Most bytes of a change before packing: two gaps, its direction and its length. */
  private static final int MAX_CHANGE_BYTES = 2 * GapWriter.MAX_BYTES + 3;

  /** More than the numbers of a piece and the frames of its planes take. */
  private static final int MAX_FRAMING = 128;

  /** Four elements at once. */
  private static final ValueLayout.OfLong FOUR =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final int tensor;
  private final MemorySegment base;
  private final MemorySegment next;
  private final int mostChanges;
  private final GapWriter gaps;
  private final byte[] down;
  private final GapWriter farGaps;
  private final byte[] low;
  private final byte[] high;
  private final Plane.Packer packer;
  private final List<Piece> pieces = new ArrayList<>();
  private long first;
  private int changes;
  private int far;

  /** Changes of consecutive elements, packed. */
  record Piece(int changes, byte[] bytes) {}

  private PieceEncoder(
      int tensor, MemorySegment base, MemorySegment next, int mostChanges, Plane.Packer packer) {
    this.tensor = tensor;
    this.base = base;
    this.next = next;
    this.mostChanges = mostChanges;
    this.gaps = new GapWriter(mostChanges);
    this.down = new byte[Math.ceilDiv(mostChanges, Byte.SIZE)];
    this.farGaps = new GapWriter(mostChanges);
    this.low = new byte[mostChanges];
    this.high = new byte[mostChanges];
    this.packer = packer;
  }

  /** How many changes surely fit a chunk as one piece, whatever they are. */
  static int mostChanges(int chunkBytes) {
    return Math.min((chunkBytes - MAX_FRAMING) / MAX_CHANGE_BYTES, MAX_ELEMENTS);
  }

  /**
   * The pieces of a stretch; none if nothing differs in it.
   *
   * @param tensor its number in the order of names
   * @param from first element
   * @param to element behind the last; {@link #MAX_ELEMENTS} behind the first at most
   * @param mostChanges of one piece
   */
  static List<Piece> encode(
      int tensor, MemorySegment base, MemorySegment next, long from, long to, int mostChanges) {
    try (Plane.Packer packer = new Plane.Packer()) {
      int most = (int) Math.min(mostChanges, to - from);
      PieceEncoder encoder = new PieceEncoder(tensor, base, next, most, packer);
      encoder.begin(from);
      encoder.compare(from, to);
      encoder.finish();
      return encoder.pieces;
    }
  }

  private void compare(long from, long to) {
    long at = from;
    for (; at + 4 <= to; at += 4) {
      long before = base.get(FOUR, at * Short.BYTES);
      long after = next.get(FOUR, at * Short.BYTES);
      if (before != after) {
        for (int i = 0; i < 4; i++) {
          compare(at + i, (short) (before >>> (16 * i)), (short) (after >>> (16 * i)));
        }
      }
    }
    for (; at < to; at++) {
      compare(
          at,
          base.get(PatchTensors.BITS, at * Short.BYTES),
          next.get(PatchTensors.BITS, at * Short.BYTES));
    }
  }

  private void compare(long at, short before, short after) {
    if (before == after) {
      return;
    }
    if (changes == mostChanges) {
      finish();
      begin(gaps.last() + 1);
    }
    gaps.add(at);
    int step = (short) (after - before);
    if (step < 0) {
      down[changes / Byte.SIZE] |= (byte) (1 << (changes % Byte.SIZE));
    }
    int further = Math.abs(step) - 1;
    if (further > 0) {
      farGaps.add(changes);
      low[far] = (byte) further;
      high[far] = (byte) (further >> Byte.SIZE);
      far++;
    }
    changes++;
  }

  private void begin(long at) {
    first = at;
    changes = 0;
    far = 0;
    gaps.start(at);
    farGaps.start(0);
    Arrays.fill(down, (byte) 0);
  }

  private void finish() {
    if (changes == 0) {
      return;
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Varint.write(out, tensor);
    Varint.write(out, first);
    Varint.write(out, changes);
    Varint.write(out, gaps.size());
    packer.write(gaps.bytes(), gaps.size(), out);
    packer.write(down, Math.ceilDiv(changes, Byte.SIZE), out);
    Varint.write(out, far);
    if (far > 0) {
      Varint.write(out, farGaps.size());
      packer.write(farGaps.bytes(), farGaps.size(), out);
      packer.write(low, far, out);
      packer.write(high, far, out);
    }
    pieces.add(new Piece(changes, out.toByteArray()));
  }
}
