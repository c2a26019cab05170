package dev.drpo.policy.safetensors;

import dev.drpo.policy.PolicyFormatException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedCollection;
import java.util.TreeMap;

/**
 * Memory-mapped shards and their index. Index and headers are checked against each other on
 * opening: every tensor lies in exactly the shard that the index names.
 */
public final class ShardedSafetensors implements Safetensors {
  private final Path path;
  private final Map<String, SafetensorsFile> shards = new TreeMap<>();
  private final Map<String, SafetensorsFile> byTensor = new LinkedHashMap<>();

  private ShardedSafetensors(Path path) {
    this.path = path;
  }

  /**
   * Maps all shards of an index.
   *
   * @throws PolicyFormatException if the index or a shard is missing or malformed, or they disagree
   */
  public static ShardedSafetensors open(Path index) {
    ShardedSafetensors opened = new ShardedSafetensors(index);
    try {
      opened.open(ShardIndex.read(index));
      return opened;
    } catch (RuntimeException e) {
      opened.close();
      throw e;
    }
  }

  private void open(ShardIndex index) {
    index
        .shards()
        .forEach((tensor, name) -> shards.computeIfAbsent(name, file -> shard(file, tensor)));
    shards.forEach(
        (name, shard) -> shard.tensors().forEach(tensor -> add(tensor.name(), name, shard, index)));
    index
        .shards()
        .forEach(
            (tensor, name) -> {
              if (!byTensor.containsKey(tensor)) {
                throw new PolicyFormatException(
                    shards.get(name).path()
                        + " has no tensor "
                        + tensor
                        + ", which "
                        + path
                        + " says it holds; fetch index and shards again from one checkpoint");
              }
            });
  }

  private SafetensorsFile shard(String name, String tensor) {
    Path file = path.resolveSibling(name);
    if (!Files.isRegularFile(file)) {
      throw new PolicyFormatException(
          file
              + " does not exist, but "
              + path
              + " says that it holds tensor "
              + tensor
              + "; fetch the missing shard");
    }
    return SafetensorsFile.open(file);
  }

  private void add(String tensor, String name, SafetensorsFile shard, ShardIndex index) {
    SafetensorsFile other = byTensor.putIfAbsent(tensor, shard);
    if (other != null) {
      throw disagreement(shard, tensor, "which lies in " + other.path() + " as well");
    }
    String expected = index.shards().get(tensor);
    if (expected == null) {
      throw disagreement(shard, tensor, "which " + path + " does not name");
    }
    if (!expected.equals(name)) {
      throw disagreement(shard, tensor, "which " + path + " says lies in " + expected);
    }
  }

  private static PolicyFormatException disagreement(
      SafetensorsFile shard, String tensor, String what) {
    return new PolicyFormatException(
        shard.path()
            + " holds tensor "
            + tensor
            + ", "
            + what
            + "; fetch index and shards again from one checkpoint");
  }

  @Override
  public Path path() {
    return path;
  }

  @Override
  public SequencedCollection<TensorInfo> tensors() {
    return shards.values().stream().flatMap(shard -> shard.tensors().stream()).toList();
  }

  /** The mapped files, in the order of their names. */
  public List<SafetensorsFile> shards() {
    return List.copyOf(shards.values());
  }

  @Override
  public Path file(String name) {
    return shardOf(name).path();
  }

  @Override
  public TensorInfo info(String name) {
    return shardOf(name).info(name);
  }

  @Override
  public MemorySegment data(String name) {
    return shardOf(name).data(name);
  }

  private SafetensorsFile shardOf(String name) {
    SafetensorsFile shard = byTensor.get(name);
    if (shard == null) {
      throw new PolicyFormatException(
          path + " has no tensor " + name + "; the checkpoint is incomplete or of another model");
    }
    return shard;
  }

  @Override
  public void close() {
    shards.values().forEach(SafetensorsFile::close);
  }
}
