package dev.drpo.policy.decoder;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.List;

/**
 * A tensor whose elements, counted flat, lie in consecutive parts, which may be on several devices.
 *
 * @param parts in order, without gaps
 */
public record SpreadTensor(List<Part> parts) {

  /**
   * Some elements of the tensor, and where they lie.
   *
   * @param first the tensor's first element among them, counted flat
   * @param count elements
   * @param holder an array of any shape, on any device
   * @param at the array's first element among them, counted flat
   */
  public record Part(long first, long count, NDArray holder, long at) {}

  /** Elements to move at once: where they lie, and which of those to move they are. */
  record Run(NDArray holder, long at, long first, int count) {}

  /** A tensor that is one array. */
  static SpreadTensor whole(NDArray array) {
    return new SpreadTensor(List.of(new Part(0, array.size(), array, 0)));
  }

  static List<SpreadTensor> whole(List<NDArray> arrays) {
    return arrays.stream().map(SpreadTensor::whole).toList();
  }

  /** Cuts {@code count} elements from one on into runs of at most {@code most}, in order. */
  List<Run> runs(long from, long count, int most) {
    List<Run> runs = new ArrayList<>();
    for (Part part : parts) {
      long end = Math.min(part.first() + part.count(), from + count);
      long next = Math.max(part.first(), from);
      while (next < end) {
        int length = (int) Math.min(most, end - next);
        runs.add(new Run(part.holder(), part.at() + next - part.first(), next - from, length));
        next += length;
      }
    }
    return runs;
  }

  /** All elements of a tensor whose parts are whole arrays of fp32. */
  public float[] toArray() {
    Part last = parts.getLast();
    float[] all = new float[Math.toIntExact(last.first() + last.count())];
    for (Part part : parts) {
      float[] elements = part.holder().toFloatArray();
      System.arraycopy(elements, 0, all, Math.toIntExact(part.first()), elements.length);
    }
    return all;
  }
}
