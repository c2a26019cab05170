package dev.drpo.policy.patch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drpo.policy.safetensors.ElementType;
import dev.drpo.policy.safetensors.Safetensors;
import dev.drpo.policy.safetensors.SafetensorsFile;
import dev.drpo.policy.safetensors.SafetensorsWriter;
import dev.drpo.policy.safetensors.TensorInfo;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PatchEncoderTest {
  private static final int CHUNK = 100_000;

  @TempDir private Path folder;

  @Test
  void tensorsOfSeveralStretchesAreWhole() {
    int length = 2 * PieceEncoder.MAX_ELEMENTS + 3;
    short[] base = new short[length];
    short[] next = new short[length];
    for (int at :
        List.of(
            0,
            PieceEncoder.MAX_ELEMENTS - 1,
            PieceEncoder.MAX_ELEMENTS,
            2 * PieceEncoder.MAX_ELEMENTS,
            length - 1)) {
      next[at] = 7;
    }
    Path from = write("base", base);
    Path to = write("next", next);

    assertThat(Policies.apply(Policies.chunks(from, to, CHUNK), from)).isEqualTo(5);

    assertThat(Policies.digest(from)).isEqualTo(Policies.digest(to));
  }

  @Test
  void aPatchOfOneInAHundredNeighboursTakesLittleMoreThanTheirEntropy() {
    Random random = new Random(1);
    int length = 1 << 20;
    short[] base = new short[length];
    short[] next = new short[length];
    for (int i = 0; i < length; i++) {
      base[i] = (short) random.nextInt();
      next[i] =
          random.nextInt(100) == 0 ? (short) (base[i] + (random.nextBoolean() ? 1 : -1)) : base[i];
    }

    List<byte[]> chunks = Policies.chunks(write("base", base), write("next", next), CHUNK);

    // 0.0808 bits to say which, 0.01 to say up or down.
    double entropy = length * 0.0908 / 8;
    assertThat(chunks.stream().mapToLong(chunk -> chunk.length).sum() / entropy)
        .isBetween(1.0, 1.04);
  }

  @Test
  void equalPoliciesHaveOneEmptyChunk() {
    Path base = write("base", new short[] {1, 2, 3});
    assertThat(Policies.chunks(base, write("next", new short[] {1, 2, 3}), CHUNK))
        .containsExactly(new byte[0]);
  }

  @Test
  void aPatchThatIsNotWorthItIsGivenUp() throws IOException {
    Random random = new Random(1);
    short[] noise = new short[50_000];
    for (int i = 0; i < noise.length; i++) {
      noise[i] = (short) random.nextInt();
    }
    List<byte[]> chunks = new ArrayList<>();
    try (Safetensors from = SafetensorsFile.open(write("base", new short[noise.length]));
        Safetensors to = SafetensorsFile.open(write("next", noise))) {
      assertThat(new PatchEncoder(CHUNK, noise.length).encode(from, to, chunks::add)).isEmpty();
      assertThat(new PatchEncoder(CHUNK, 4L * noise.length).encode(from, to, chunks::add))
          .isPresent();
    }
  }

  @Test
  void onlyPoliciesOfOneShapeInBfloat16HavePatches() throws IOException {
    Path floats = folder.resolve("floats");
    SafetensorsWriter.write(
        floats,
        List.of(TensorInfo.of("w", ElementType.F32, 2)),
        info -> ByteBuffer.allocate((int) info.bytes()));
    try (Safetensors base = SafetensorsFile.open(write("base", new short[2]));
        Safetensors longer = SafetensorsFile.open(write("longer", new short[3]));
        Safetensors other =
            SafetensorsFile.open(
                Policies.write(folder.resolve("other"), Map.of("v", new short[2])));
        Safetensors wide = SafetensorsFile.open(floats)) {
      assertThat(PatchEncoder.isPossible(base, base)).isTrue();
      assertThat(PatchEncoder.isPossible(base, longer)).isFalse();
      assertThat(PatchEncoder.isPossible(base, other)).isFalse();
      assertThat(PatchEncoder.isPossible(base, wide)).isFalse();
      assertThat(PatchEncoder.isPossible(wide, wide)).isFalse();
      PatchEncoder encoder = new PatchEncoder(CHUNK, Long.MAX_VALUE);
      assertThatThrownBy(() -> encoder.encode(base, longer, _ -> {}))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("the same tensors in bfloat16");
    }
  }

  @Test
  void chunksTooSmallToHoldMuchAreRefused() {
    assertThatThrownBy(() -> new PatchEncoder(PatchEncoder.MIN_CHUNK_BYTES - 1, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("1024 bytes or more, not 1023");
  }

  private Path write(String name, short[] bits) {
    return Policies.write(folder.resolve(name + ".safetensors"), Map.of("w", bits));
  }
}
