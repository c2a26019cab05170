package dev.drpo.policy.safetensors;

import dev.drpo.policy.PolicyFormatException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.SequencedCollection;

/** Tensors by name, mapped from one file or from the shards that an index names. */
public sealed interface Safetensors extends AutoCloseable
    permits SafetensorsFile, ShardedSafetensors {

  /**
   * Maps what lies at a path: an index if its name ends in {@code .json}, otherwise one file.
   *
   * @throws PolicyFormatException if a file is missing or malformed, or the index and its shards
   *     disagree
   */
  static Safetensors open(Path path) {
    return path.toString().endsWith(".json")
        ? ShardedSafetensors.open(path)
        : SafetensorsFile.open(path);
  }

  /** The file, or the index of several. */
  Path path();

  /** All tensors, in the order in which the files name them. */
  SequencedCollection<TensorInfo> tensors();

  /**
   * The file that holds a tensor.
   *
   * @throws PolicyFormatException if there is no such tensor
   */
  Path file(String name);

  /**
   * One tensor's entry.
   *
   * @throws PolicyFormatException if there is no such tensor
   */
  TensorInfo info(String name);

  /**
   * One tensor's bytes, little-endian, valid until this is closed.
   *
   * @throws PolicyFormatException if there is no such tensor
   */
  MemorySegment data(String name);

  @Override
  void close();
}
