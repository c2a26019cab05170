package dev.drpo.policy.decoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.drpo.policy.engine.ScriptModule;
import dev.drpo.policy.safetensors.ElementType;
import dev.drpo.policy.safetensors.Safetensors;
import dev.drpo.policy.safetensors.SafetensorsWriter;
import dev.drpo.policy.safetensors.TensorInfo;
import java.io.IOException;
import java.lang.foreign.MemorySegment;

/**
 * Moves elements between files and fp32 tensors. They go in pieces: a buffer holds at most 2 GiB,
 * and the embedding of a 7B policy takes more. Widening is exact; narrowing rounds to nearest, ties
 * to even.
 */
final class WeightTransfer {
  /** 32 MiB of fp32, far below what a buffer holds and far above what a call costs. */
  static final int PIECE_ELEMENTS = 8 << 20;

  private final ScriptModule script;
  private final int pieceElements;

  WeightTransfer(ScriptModule script, int pieceElements) {
    this.script = script;
    this.pieceElements = pieceElements;
  }

  /** Copies a tensor of a file to the elements of {@code target} that begin at {@code offset}. */
  void read(NDManager manager, Safetensors files, String name, SpreadTensor target, long offset) {
    TensorInfo info = files.info(name);
    for (SpreadTensor.Run run : target.runs(offset, info.elements(), pieceElements)) {
      read(manager, files.data(name), info.type(), run);
    }
  }

  /** Copies some elements of a tensor's data to their place. */
  void read(NDManager manager, MemorySegment data, ElementType type, SpreadTensor.Run run) {
    MemorySegment bytes =
        data.asSlice(run.first() * type.bytes(), (long) run.count() * type.bytes());
    try (NDManager step = manager.newSubManager()) {
      NDArray raw = step.create(bytes.asByteBuffer(), new Shape(run.count()), carrier(type));
      script.run("fill", run.holder(), run.at(), raw, (long) type.torchCode());
    }
  }

  /** Writes the elements of {@code source} from {@code offset} on as a tensor of a file. */
  void write(
      NDManager manager,
      SpreadTensor source,
      long offset,
      TensorInfo info,
      SafetensorsWriter.Sink sink)
      throws IOException {
    for (SpreadTensor.Run run : source.runs(offset, info.elements(), pieceElements)) {
      try (NDManager step = manager.newSubManager()) {
        NDArray raw =
            script.tensor(
                step,
                "piece",
                run.holder(),
                run.at(),
                (long) run.count(),
                (long) info.type().torchCode());
        sink.write(raw.toByteBuffer());
      }
    }
  }

  /**
   * Copies the first {@code count} elements of {@code source} to the host's memory, rounded to its
   * type.
   *
   * @param target on the CPU
   * @param at the first of its elements to overwrite
   */
  void copy(SpreadTensor source, long count, NDArray target, long at) {
    for (SpreadTensor.Run run : source.runs(0, count, pieceElements)) {
      script.run("keep", target, at + run.first(), run.holder(), run.at(), (long) run.count());
    }
  }

  /** The type that raw bits travel in: the array library knows no bfloat16. */
  private static DataType carrier(ElementType type) {
    return type == ElementType.F32 ? DataType.FLOAT32 : DataType.FLOAT16;
  }
}
