package dev.drpo.policy.safetensors;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/**
 * Spreads tensors over files the way Hugging Face does: one {@code model.safetensors} if they fit a
 * shard, otherwise {@code model-00001-of-0000N.safetensors} and so on with an index.
 */
public final class ShardedWriter {
  /** Name of the only file. */
  public static final String SINGLE_FILE = "model.safetensors";

  /** Name of the index of several files. */
  public static final String INDEX_FILE = "model.safetensors.index.json";

  private ShardedWriter() {}

  /** Writes one file. */
  @FunctionalInterface
  public interface FileWriter {
    /** Writes tensors in their order. */
    void write(Path file, List<TensorInfo> tensors) throws IOException;
  }

  /**
   * Writes tensors to a folder.
   *
   * @param shardBytes most bytes of tensors in a file; a tensor that is larger gets a file of its
   *     own
   * @throws IOException if a file can't be written
   */
  public static void write(
      Path folder, List<TensorInfo> tensors, long shardBytes, FileWriter writer)
      throws IOException {
    List<List<TensorInfo>> shards = split(tensors, shardBytes);
    if (shards.size() == 1) {
      writer.write(folder.resolve(SINGLE_FILE), tensors);
      return;
    }
    SequencedMap<String, String> places = new LinkedHashMap<>();
    for (int i = 0; i < shards.size(); i++) {
      String name = "model-%05d-of-%05d.safetensors".formatted(i + 1, shards.size());
      writer.write(folder.resolve(name), shards.get(i));
      shards.get(i).forEach(tensor -> places.put(tensor.name(), name));
    }
    new ShardIndex(places).write(folder.resolve(INDEX_FILE), tensors);
  }

  /** Fills shard after shard, without changing the order. */
  static List<List<TensorInfo>> split(List<TensorInfo> tensors, long shardBytes) {
    List<List<TensorInfo>> shards = new ArrayList<>();
    List<TensorInfo> shard = new ArrayList<>();
    for (TensorInfo tensor : tensors) {
      if (!shard.isEmpty() && bytes(shard) + tensor.bytes() > shardBytes) {
        shards.add(shard);
        shard = new ArrayList<>();
      }
      shard.add(tensor);
    }
    shards.add(shard);
    return shards;
  }

  private static long bytes(List<TensorInfo> tensors) {
    return tensors.stream().mapToLong(TensorInfo::bytes).sum();
  }
}
