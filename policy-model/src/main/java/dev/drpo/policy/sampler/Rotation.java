package dev.drpo.policy.sampler;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Rotary embedding of queries and keys, the halves of a head paired as Hugging Face checkpoints
 * have them.
 */
final class Rotation {
  private final float[] cosines;
  private final float[] sines;
  private final int headSize;

  /**
   * Takes a table.
   *
   * @param cosines {@code [positions, head size]}, the halves of a row alike
   * @param sines likewise
   */
  Rotation(float[] cosines, float[] sines, int headSize) {
    this.cosines = cosines;
    this.sines = sines;
    this.headSize = headSize;
  }

  /**
   * Rotates heads.
   *
   * @param source where {@code [heads, head size]} lie
   * @param from byte at which they begin
   * @param target takes {@code [heads, head size]} from its first element on
   */
  void rotate(MemorySegment source, long from, int heads, int position, float[] target) {
    MemorySegment.copy(source, ValueLayout.JAVA_FLOAT, from, target, 0, heads * headSize);
    int half = headSize / 2;
    int angle = position * headSize;
    for (int head = 0; head < heads; head++) {
      int low = head * headSize;
      int high = low + half;
      for (int i = 0; i < half; i++) {
        float x = target[low + i];
        float y = target[high + i];
        target[low + i] = x * cosines[angle + i] - y * sines[angle + i];
        target[high + i] = y * cosines[angle + i] + x * sines[angle + i];
      }
    }
  }
}
