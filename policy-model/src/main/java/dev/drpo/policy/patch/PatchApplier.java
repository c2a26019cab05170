package dev.drpo.policy.patch;

import dev.drpo.policy.Processors;
import dev.drpo.policy.safetensors.SafetensorsFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;

/** Applies patches in place, chunks side by side on all processors. */
public final class PatchApplier {
  private PatchApplier() {}

  /**
   * Turns the patch's base into its result. Whether it did is for the digest to say.
   *
   * @param patch all its chunks
   * @param policy the base, opened as writable
   * @return number of changed elements
   * @throws dev.drpo.policy.PolicyFormatException if the patch is malformed or the policy not bf16;
   *     the policy's weights are then of no use
   * @throws IOException if the patch can't be read; likewise
   */
  public static long apply(PatchFile patch, SafetensorsFile policy) throws IOException {
    PatchTensors tensors = PatchTensors.of(policy);
    LongAdder changed = new LongAdder();
    try {
      Processors.forEach(
          IntStream.range(0, patch.chunks()).boxed().toList(),
          index -> changed.add(new ChunkDecoder(tensors).apply(read(patch, index))));
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    return changed.sum();
  }

  private static byte[] read(PatchFile patch, int index) {
    try {
      return patch.chunk(index);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
