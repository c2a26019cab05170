package dev.drpo.policy.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drpo.policy.safetensors.ElementType;
import dev.drpo.policy.safetensors.SafetensorsFile;
import dev.drpo.policy.safetensors.SafetensorsWriter;
import dev.drpo.policy.safetensors.TensorInfo;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PolicyDigestTest {
  private static final TensorInfo A = TensorInfo.of("a", ElementType.F32, 2);
  private static final TensorInfo B = TensorInfo.of("b", ElementType.BF16, 1, 2);

  /** 1 and -2.5 in fp32, 1 and 2 in bf16, little-endian. */
  private static final Map<String, String> DATA = Map.of("a", "0000803f000020c0", "b", "803f0040");

  @TempDir Path folder;

  /** Computed apart from this project, with Python's hashlib. */
  @Test
  void theDigestOfAKnownFileIsTheKnownOne() throws IOException {
    assertThat(digest(List.of(A, B), DATA).hex())
        .isEqualTo("73cf7bcfc9b7fcc05a0f633761b987e0770981510b54d98e78f9636b925abbd7");
  }

  @Test
  void theOrderInTheFileDoesNotMatter() throws IOException {
    assertThat(digest(List.of(B, A), DATA)).isEqualTo(digest(List.of(A, B), DATA));
  }

  @Test
  void everyBitMatters() throws IOException {
    Set<PolicyDigest> digests = new HashSet<>();
    digests.add(digest(List.of(A, B), DATA));
    for (String name : DATA.keySet()) {
      byte[] bytes = HexFormat.of().parseHex(DATA.get(name));
      for (int bit = 0; bit < 8 * bytes.length; bit++) {
        byte[] flipped = bytes.clone();
        flipped[bit / 8] ^= (byte) (1 << (bit % 8));
        Map<String, String> data = new HashMap<>(DATA);
        data.put(name, HexFormat.of().formatHex(flipped));
        digests.add(digest(List.of(A, B), data));
      }
    }

    assertThat(digests).hasSize(1 + 64 + 32);
  }

  @Test
  void nameTypeAndShapeMatter() throws IOException {
    Map<String, String> data = Map.of("a", DATA.get("a"), "b", DATA.get("b"), "c", DATA.get("b"));

    assertThat(
            Set.of(
                digest(List.of(A, B), data),
                digest(List.of(A, TensorInfo.of("c", ElementType.BF16, 1, 2)), data),
                digest(List.of(A, TensorInfo.of("b", ElementType.F16, 1, 2)), data),
                digest(List.of(A, TensorInfo.of("b", ElementType.BF16, 2, 1)), data),
                digest(List.of(A, TensorInfo.of("b", ElementType.BF16, 2)), data),
                digest(List.of(A), data)))
        .hasSize(6);
  }

  @Test
  void bytesAndDigitsAreTheSameIdentity() throws IOException {
    PolicyDigest digest = digest(List.of(A, B), DATA);

    assertThat(PolicyDigest.of(digest.bytes())).isEqualTo(digest);
    assertThat(digest.bytes()).hasSize(32);
    assertThat(digest.abbreviated()).isEqualTo("73cf7bcfc9b7");
  }

  @Test
  void whatIsNoDigestIsRefused() {
    assertThatThrownBy(() -> new PolicyDigest("73cf"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("73cf");
    assertThatThrownBy(() -> PolicyDigest.of(new byte[31]))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private PolicyDigest digest(List<TensorInfo> tensors, Map<String, String> data)
      throws IOException {
    Path path = folder.resolve("x.safetensors");
    SafetensorsWriter.write(
        path, tensors, tensor -> ByteBuffer.wrap(HexFormat.of().parseHex(data.get(tensor.name()))));
    try (SafetensorsFile file = SafetensorsFile.open(path)) {
      return PolicyDigest.of(file);
    }
  }
}
