package dev.drpo.learner.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.drpo.problems.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The files of one checkpoint. The manifest holds the SHA-256 of the tensors' files; its own lies
 * in a file beside it, as {@code sha256sum --check} reads it.
 */
record CheckpointFiles(Path folder) {
  private static final String POLICY = "policy.safetensors";
  private static final String OPTIMIZER = "optimizer.safetensors";
  private static final String MANIFEST = "checkpoint.json";
  private static final String SEAL = "checkpoint.sha256";
  private static final List<String> TENSORS = List.of(POLICY, OPTIMIZER);

  Path policy() {
    return folder.resolve(POLICY);
  }

  Path optimizer() {
    return folder.resolve(OPTIMIZER);
  }

  /** The files that {@link #seal} adds to those of the tensors. */
  List<Path> sealed() {
    return List.of(folder.resolve(MANIFEST), folder.resolve(SEAL));
  }

  /**
   * Writes the manifest, with the hashes of the tensors' files that are there, and its own.
   *
   * @param workDone told of each piece of a file that is hashed
   */
  CheckpointManifest seal(CheckpointManifest manifest, Runnable workDone) throws IOException {
    Map<String, String> hashes = new TreeMap<>();
    for (String name : TENSORS) {
      hashes.put(name, Sha256.of(folder.resolve(name), workDone));
    }
    CheckpointManifest complete = manifest.withFiles(hashes);
    Path file = folder.resolve(MANIFEST);
    ManifestJson.MAPPER.writeValue(file.toFile(), complete);
    Files.writeString(folder.resolve(SEAL), line(file));
    return complete;
  }

  private static String line(Path file) throws IOException {
    return Sha256.of(file) + "  " + file.getFileName() + "\n";
  }

  /**
   * Reads the manifest and verifies every file.
   *
   * @param workDone told of each piece of a file that is hashed
   * @throws IOException why the checkpoint is broken
   * @throws CheckpointException if it is whole and of a later version of this program
   */
  CheckpointManifest verified(Runnable workDone) throws IOException {
    Path file = require(MANIFEST);
    Path seal = folder.resolve(SEAL);
    if (Files.exists(seal)
        && !Arrays.equals(Files.readAllBytes(seal), line(file).getBytes(StandardCharsets.UTF_8))) {
      throw new IOException(MANIFEST + " does not have the hash that is in " + SEAL);
    }
    CheckpointManifest manifest = read(file);
    if (manifest.format() > 0) {
      require(SEAL);
    }
    for (String name : TENSORS) {
      if (!Sha256.of(require(name), workDone).equals(manifest.files().get(name))) {
        throw new IOException(name + " does not have the hash that is in " + MANIFEST);
      }
    }
    return manifest;
  }

  /**
   * Reads the manifest as it is.
   *
   * @throws IOException if it is missing or no manifest
   * @throws CheckpointException if it is of a later version of this program
   */
  CheckpointManifest unverified() throws IOException {
    return read(require(MANIFEST));
  }

  private CheckpointManifest read(Path file) throws IOException {
    try {
      JsonNode json = ManifestJson.MAPPER.readTree(file.toFile());
      if (!json.isObject()) {
        throw new IOException(MANIFEST + " is no manifest: it holds no JSON object");
      }
      int format = json.path("format").asInt();
      if (format > CheckpointManifest.FORMAT) {
        throw new CheckpointException(
            "checkpoint %s has format %d, and this version of drpo reads %d and older ones; resume the run with the version that wrote it"
                .formatted(folder, format, CheckpointManifest.FORMAT));
      }
      return ManifestJson.MAPPER.treeToValue(json, CheckpointManifest.class);
    } catch (JsonProcessingException e) {
      throw new IOException(MANIFEST + " is no manifest: " + e.getOriginalMessage(), e);
    }
  }

  private Path require(String name) throws IOException {
    Path file = folder.resolve(name);
    if (!Files.exists(file)) {
      throw new IOException(name + " is missing");
    }
    return file;
  }
}
