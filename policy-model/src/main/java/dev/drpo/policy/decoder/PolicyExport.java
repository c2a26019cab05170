package dev.drpo.policy.decoder;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.drpo.policy.checkpoint.ModelConfig;
import dev.drpo.policy.checkpoint.PolicyFolder;
import dev.drpo.policy.checkpoint.PolicyLayout;
import dev.drpo.policy.json.PythonJson;
import dev.drpo.policy.safetensors.ElementType;
import dev.drpo.policy.safetensors.Safetensors;
import dev.drpo.policy.safetensors.ShardedWriter;
import dev.drpo.policy.safetensors.TensorInfo;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Writes a policy as a folder that transformers loads: the weights under the names and in the order
 * and element types of the checkpoint they come from, and that checkpoint's other files byte for
 * byte. The folder is written aside and renamed, so that a reader finds the old one or the whole
 * new one.
 *
 * @param source the checkpoint that the policy was loaded from
 * @param type the element type of all weights, if not the source's
 * @param shardBytes most bytes of weights in a file
 */
public record PolicyExport(PolicyFolder source, Optional<ElementType> type, long shardBytes) {
  /** 5 GB, as the hub has it. */
  public static final long DEFAULT_SHARD_BYTES = 5_000_000_000L;

  /** Files beside the weights that belong to a checkpoint and never change in training. */
  private static final List<String> DESCRIPTION =
      List.of(
          "config.json",
          "generation_config.json",
          "tokenizer.json",
          "tokenizer_config.json",
          "chat_template.jinja",
          "special_tokens_map.json",
          "added_tokens.json",
          "vocab.json",
          "merges.txt",
          "LICENSE");

  /** An export in the source's element types, in shards of the default size. */
  public static PolicyExport like(PolicyFolder source) {
    return new PolicyExport(source, Optional.empty(), DEFAULT_SHARD_BYTES);
  }

  /** The same with all weights in one element type; {@code config.json} says so. */
  public PolicyExport as(ElementType other) {
    return new PolicyExport(source, Optional.of(other), shardBytes);
  }

  /** The same in shards of another size. */
  public PolicyExport inShardsOf(long bytes) {
    return new PolicyExport(source, type, bytes);
  }

  /**
   * Writes the folder. One that an earlier export left there is replaced.
   *
   * @param policy the weights, of the source's architecture
   * @throws IOException if the disk is full, or the target holds anything but an export; what was
   *     there is intact
   */
  public PolicyFolder write(Decoder policy, Path target) throws IOException {
    Path place = target.toAbsolutePath().normalize();
    requireReplaceable(place);
    Path aside = place.resolveSibling("." + place.getFileName() + ".partial");
    Path old = place.resolveSibling("." + place.getFileName() + ".old");
    delete(aside);
    try {
      Files.createDirectories(aside);
      describe(source, type, aside);
      try (Safetensors weights = source.openWeights()) {
        policy.layout().requireFits(weights);
        ShardedWriter.write(aside, tensors(weights, policy.layout()), shardBytes, policy::write);
      }
      delete(old);
      if (Files.exists(place)) {
        Files.move(place, old, StandardCopyOption.ATOMIC_MOVE);
      }
      Files.move(aside, place, StandardCopyOption.ATOMIC_MOVE);
      delete(old);
    } finally {
      delete(aside);
    }
    return new PolicyFolder(target);
  }

  private List<TensorInfo> tensors(Safetensors weights, PolicyLayout layout) {
    Set<String> used = new HashSet<>();
    layout.parts().forEach(part -> used.add(part.name()));
    return weights.tensors().stream()
        .filter(tensor -> used.contains(tensor.name()))
        .map(info -> new TensorInfo(info.name(), type.orElse(info.type()), info.shape()))
        .toList();
  }

  /** The files of a folder that belong to a checkpoint beside the weights. */
  public static List<Path> descriptionOf(Path folder) {
    return DESCRIPTION.stream().map(folder::resolve).filter(Files::exists).toList();
  }

  /**
   * Writes the files of a policy beside its weights.
   *
   * @param source where they are copied from
   * @param type the element type of all weights, if not the source's, which {@code config.json}
   *     says then
   * @param folder without these files
   * @throws IOException if it can't be written
   */
  public static void describe(PolicyFolder source, Optional<ElementType> type, Path folder)
      throws IOException {
    for (Path file : descriptionOf(source.path())) {
      Files.copy(file, folder.resolve(file.getFileName()));
    }
    if (type.isPresent()) {
      stateType(folder.resolve("config.json"), type.get().configName());
    }
  }

  /** Newer releases of transformers call the key {@code dtype}, older ones {@code torch_dtype}. */
  private static void stateType(Path config, String name) throws IOException {
    ObjectNode json = (ObjectNode) ModelConfig.readJson(config);
    String key = json.has("dtype") ? "dtype" : "torch_dtype";
    if (!json.path(key).asText().equals(name)) {
      Files.writeString(config, PythonJson.indented(json.put(key, name)) + "\n");
    }
  }

  private void requireReplaceable(Path place) throws IOException {
    if (Files.exists(place) && Files.isSameFile(place, source.path())) {
      throw new FileSystemException(
          place + " is the checkpoint that the policy comes from; export to another folder");
    }
    if (!Files.exists(place)) {
      return;
    }
    try (Stream<Path> files = Files.list(place)) {
      Optional<Path> foreign = files.filter(file -> !isExported(file)).findFirst();
      if (foreign.isPresent()) {
        throw new FileSystemException(
            place
                + " holds "
                + foreign.get().getFileName()
                + ", which is no file of an export; export to another folder");
      }
    }
  }

  private static boolean isExported(Path file) {
    String name = file.getFileName().toString();
    return DESCRIPTION.contains(name)
        || name.equals(ShardedWriter.INDEX_FILE)
        || name.matches("model(-\\d{5}-of-\\d{5})?\\.safetensors");
  }

  /** Deletes a folder of files, if it is there. */
  private static void delete(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return;
    }
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }
}
