package dev.drpo.policy.patch;

import java.lang.foreign.MemorySegment;

/** Applies chunks to tensors in place. One thread uses it. */
final class ChunkDecoder {
  private final PatchTensors tensors;
  private byte[] gaps = new byte[0];
  private byte[] down = new byte[0];
  private byte[] farGaps = new byte[0];
  private byte[] low = new byte[0];
  private byte[] high = new byte[0];

  ChunkDecoder(PatchTensors tensors) {
    this.tensors = tensors;
  }

  /**
   * Applies a chunk.
   *
   * @return number of changed elements
   * @throws dev.drpo.policy.PolicyFormatException if it is malformed; what came before its defect
   *     is applied
   */
  long apply(byte[] chunk) {
    ByteCursor in = new ByteCursor(chunk, chunk.length);
    long changed = 0;
    while (!in.atEnd()) {
      changed += piece(in);
    }
    return changed;
  }

  private int piece(ByteCursor in) {
    long tensor = in.nextVarint();
    if (tensor >= tensors.infos().size()) {
      throw ByteCursor.malformed(
          "it speaks of tensor %d of %d".formatted(tensor, tensors.infos().size()));
    }
    MemorySegment data = tensors.data().get((int) tensor);
    long elements = data.byteSize() / Short.BYTES;
    long first = in.nextVarint();
    // Nor do the gaps from there on overflow.
    if (first >= elements) {
      throw ByteCursor.malformed("it begins at element %d of %d".formatted(first, elements));
    }
    int changes = in.nextSize("changes", PieceEncoder.MAX_ELEMENTS);
    int gapBytes = gapBytes(in, changes);
    gaps = in.nextPlane(gaps, gapBytes);
    down = in.nextPlane(down, Math.ceilDiv(changes, Byte.SIZE));
    int far = in.nextSize("changes of several steps", changes);
    int farGapBytes = 0;
    if (far > 0) {
      farGapBytes = gapBytes(in, far);
      farGaps = in.nextPlane(farGaps, farGapBytes);
      low = in.nextPlane(low, far);
      high = in.nextPlane(high, far);
    }
    change(
        data,
        changes,
        new GapReader("element", gaps, gapBytes, first),
        far,
        new GapReader("change", farGaps, farGapBytes, 0));
    return changes;
  }

  /** Declared sizes are bounded before anything is allocated for them. */
  private static int gapBytes(ByteCursor in, int gaps) {
    int size = in.nextSize("bytes of gaps", (long) gaps * GapWriter.MAX_BYTES);
    if (gaps == 0 || size < gaps) {
      throw ByteCursor.malformed("it has %d bytes for %d gaps".formatted(size, gaps));
    }
    return size;
  }

  private void change(
      MemorySegment data, int changes, GapReader places, int far, GapReader farPlaces) {
    long elements = data.byteSize() / Short.BYTES;
    int farRead = 0;
    long nextFar = far == 0 ? changes : farPlaces.next(changes);
    for (int i = 0; i < changes; i++) {
      int length = 1;
      if (i == nextFar) {
        length += (low[farRead] & 0xff) | (high[farRead] & 0xff) << Byte.SIZE;
        farRead++;
        nextFar = farRead == far ? changes : farPlaces.next(changes);
      }
      boolean isDown = (down[i / Byte.SIZE] >> (i % Byte.SIZE) & 1) != 0;
      long offset = places.next(elements) * Short.BYTES;
      int before = data.get(PatchTensors.BITS, offset);
      data.set(PatchTensors.BITS, offset, (short) (isDown ? before - length : before + length));
    }
    places.requireEnd();
    farPlaces.requireEnd();
  }
}
