package dev.drpo.policy.patch;

import dev.drpo.policy.checkpoint.PolicyDigest;
import dev.drpo.policy.checkpoint.PolicyVersion;
import dev.drpo.policy.safetensors.ElementType;
import dev.drpo.policy.safetensors.SafetensorsFile;
import dev.drpo.policy.safetensors.SafetensorsWriter;
import dev.drpo.policy.safetensors.TensorInfo;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Small bf16 policies from their bits, and the way of a patch between two of them. */
final class Policies {
  static final Transition TRANSITION =
      new Transition(
          new PolicyVersion(3, new PolicyDigest("a".repeat(64))),
          new PolicyVersion(4, new PolicyDigest("b".repeat(64))));

  private Policies() {}

  /** Writes tensors in the order of the map. */
  static Path write(Path file, Map<String, short[]> tensors) {
    List<TensorInfo> infos =
        tensors.entrySet().stream()
            .map(e -> TensorInfo.of(e.getKey(), ElementType.BF16, e.getValue().length))
            .toList();
    try {
      SafetensorsWriter.write(file, infos, info -> bytes(tensors.get(info.name())));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return file;
  }

  private static ByteBuffer bytes(short[] bits) {
    ByteBuffer bytes =
        ByteBuffer.allocate(bits.length * Short.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asShortBuffer().put(bits);
    return bytes;
  }

  static PolicyDigest digest(Path file) {
    try (SafetensorsFile policy = SafetensorsFile.open(file)) {
      return PolicyDigest.of(policy);
    }
  }

  /** The chunks of the patch that leads from one file to the other. */
  static List<byte[]> chunks(Path base, Path next, int chunkBytes) {
    List<byte[]> chunks = new ArrayList<>();
    try (SafetensorsFile from = SafetensorsFile.open(base);
        SafetensorsFile to = SafetensorsFile.open(next)) {
      Optional<PatchEncoder.Summary> summary =
          new PatchEncoder(chunkBytes, Long.MAX_VALUE).encode(from, to, chunks::add);
      if (summary.orElseThrow().chunks() != chunks.size()
          || summary.orElseThrow().bytes() != chunks.stream().mapToLong(c -> c.length).sum()) {
        throw new AssertionError("the summary " + summary + " is not of these chunks");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return chunks;
  }

  /** Patches a file in place; gives the number of changed elements. */
  static long apply(List<byte[]> chunks, Path file) {
    try (SafetensorsFile policy = SafetensorsFile.openWritable(file);
        PatchFile patch = PatchFile.create(file.resolveSibling(file.getFileName() + ".patch"))) {
      for (byte[] chunk : chunks) {
        patch.append(chunk);
      }
      return PatchApplier.apply(patch, policy);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Path copy(Path file) {
    try {
      return Files.copy(
          file,
          Files.createTempFile(file.getParent(), "copy-", ".safetensors"),
          java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
