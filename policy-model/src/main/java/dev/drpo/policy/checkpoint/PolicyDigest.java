package dev.drpo.policy.checkpoint;

import dev.drpo.policy.Processors;
import dev.drpo.policy.safetensors.Safetensors;
import dev.drpo.policy.safetensors.TensorInfo;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Identity of a policy's weights: SHA-256 over, for every tensor in the order of names, the line
 * {@code name type shape} and the SHA-256 of its bytes. Tensors are hashed on all processors, the
 * largest first: one takes less than a seventh of a large policy, so that they share the work well.
 *
 * @param hex 64 lower-case hexadecimal digits
 */
public record PolicyDigest(String hex) {
  /** Size of a digest. */
  public static final int BYTES = 32;

  private static final long PIECE = 1 << 24;

  public PolicyDigest {
    if (!hex.matches("[0-9a-f]{64}")) {
      throw new IllegalArgumentException("a policy digest is 64 hexadecimal digits, not " + hex);
    }
  }

  /** The digest of a policy's tensors, however they are spread over files. */
  public static PolicyDigest of(Safetensors file) {
    List<TensorInfo> byName =
        file.tensors().stream().sorted(Comparator.comparing(TensorInfo::name)).toList();
    Map<String, byte[]> hashes = new ConcurrentHashMap<>();
    List<TensorInfo> largestFirst =
        byName.stream().sorted(Comparator.comparingLong(TensorInfo::bytes).reversed()).toList();
    Processors.forEach(
        largestFirst, tensor -> hashes.put(tensor.name(), hash(file.data(tensor.name()))));
    MessageDigest whole = sha256();
    for (TensorInfo tensor : byName) {
      String line = tensor.name() + " " + tensor.type().code() + " " + tensor.shapeText() + "\n";
      whole.update(line.getBytes(StandardCharsets.UTF_8));
      whole.update(hashes.get(tensor.name()));
    }
    return of(whole.digest());
  }

  /** Wraps 32 raw bytes. */
  public static PolicyDigest of(byte[] bytes) {
    return new PolicyDigest(HexFormat.of().formatHex(bytes));
  }

  /** The 32 raw bytes. */
  public byte[] bytes() {
    return HexFormat.of().parseHex(hex);
  }

  /** The first 12 digits, for people. */
  public String abbreviated() {
    return hex.substring(0, 12);
  }

  private static byte[] hash(MemorySegment data) {
    MessageDigest digest = sha256();
    // A ByteBuffer holds at most 2 GiB, and tensors may be larger.
    for (long at = 0; at < data.byteSize(); at += PIECE) {
      digest.update(data.asSlice(at, Math.min(PIECE, data.byteSize() - at)).asByteBuffer());
    }
    return digest.digest();
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
