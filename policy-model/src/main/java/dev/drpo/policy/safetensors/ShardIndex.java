package dev.drpo.policy.safetensors;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.drpo.policy.PolicyFormatException;
import dev.drpo.policy.json.PythonJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;

/**
 * A {@code model.safetensors.index.json}: which shard holds which tensor.
 *
 * @param shards file name by tensor name; the files lie in the index's folder
 */
record ShardIndex(SequencedMap<String, String> shards) {
  /**
   * Reads an index.
   *
   * @throws PolicyFormatException if it is missing, malformed, names a tensor twice or a file
   *     outside its folder
   */
  static ShardIndex read(Path file) {
    SequencedMap<String, String> shards = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : parse(file).path("weight_map").properties()) {
      String shard = entry.getValue().asText();
      if (!entry.getValue().isTextual() || !shard.matches("[\\w.+=-]+\\.safetensors")) {
        throw new PolicyFormatException(
            file
                + ": tensor "
                + entry.getKey()
                + " is mapped to "
                + entry.getValue()
                + "; the name of a .safetensors file beside the index is expected");
      }
      shards.put(entry.getKey(), shard);
    }
    if (shards.isEmpty()) {
      throw new PolicyFormatException(
          file + " has no weight_map, which says what file holds what tensor; fetch it again");
    }
    return new ShardIndex(shards);
  }

  private static JsonNode parse(Path file) {
    try {
      return SafetensorsFile.STRICT.readTree(file.toFile());
    } catch (IOException e) {
      throw new PolicyFormatException(
          file + " can't be read as an index of shards: " + e.getMessage(), e);
    }
  }

  /** Writes the index with the keys and in the form that transformers writes. */
  void write(Path file, List<TensorInfo> tensors) throws IOException {
    ObjectNode json = SafetensorsFile.STRICT.createObjectNode();
    json.putObject("metadata")
        .put("total_parameters", tensors.stream().mapToLong(TensorInfo::elements).sum())
        .put("total_size", tensors.stream().mapToLong(TensorInfo::bytes).sum());
    ObjectNode map = json.putObject("weight_map");
    new TreeMap<>(shards).forEach(map::put);
    Files.writeString(file, PythonJson.indented(json) + "\n");
  }
}
