package dev.drpo.policy.patch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drpo.policy.PolicyFormatException;
import dev.drpo.policy.safetensors.SafetensorsFile;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Chunks may hold anything: they are applied or refused, and nothing else happens. */
class ChunkFuzzTest {
  private static final int ELEMENTS = 5000;

  @TempDir private Path folder;
  private Path file;
  private byte[] chunk;

  @BeforeEach
  void encode() {
    Random random = new Random(7);
    short[] base = new short[ELEMENTS];
    short[] next = new short[ELEMENTS];
    for (int i = 0; i < ELEMENTS; i++) {
      base[i] = (short) random.nextInt();
      next[i] = (short) (base[i] + (random.nextInt(20) == 0 ? random.nextInt(600) - 300 : 0));
    }
    file = write("base", base);
    List<byte[]> chunks = Policies.chunks(file, write("next", next), 100_000);
    assertThat(chunks).hasSize(1);
    chunk = chunks.getFirst();
  }

  @Test
  void randomBytesAreAppliedOrRefused() {
    Random random = new Random(1);
    int refused = 0;
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = new byte[1 + random.nextInt(40)];
      random.nextBytes(bytes);
      // Small numbers get past the first checks.
      for (int at = 0; at < Math.min(4, bytes.length); at++) {
        bytes[at] &= (byte) (random.nextBoolean() ? 3 : -1);
      }
      refused += refuses(bytes) ? 1 : 0;
    }
    assertThat(refused).isGreaterThan(19_000);
  }

  @Test
  void mutatedChunksAreAppliedOrRefused() {
    Random random = new Random(2);
    int refused = 0;
    for (int i = 0; i < 20_000; i++) {
      byte[] mutated = chunk.clone();
      for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
        mutated[random.nextInt(random.nextBoolean() ? 12 : mutated.length)] ^=
            (byte) (1 << random.nextInt(8));
      }
      refused += refuses(mutated) ? 1 : 0;
    }
    assertThat(refused).isPositive();
  }

  @Test
  void everyPrefixIsRefused() {
    for (int length = 1; length < chunk.length; length++) {
      assertThat(refuses(Arrays.copyOf(chunk, length))).as("%d bytes", length).isTrue();
    }
    assertThat(refuses(chunk)).isFalse();
  }

  @Test
  void declaredSizesAreRefusedBeforeAnythingIsAllocated() {
    refusesWith("2147483647 changes where 1048576 are the most", 0, 0, Integer.MAX_VALUE);
    refusesWith("9223372036854775807 bytes of gaps", 0, 0, 1, Long.MAX_VALUE);
    refusesWith("2 changes of several steps where 1 are the most", 0, 0, 1, 1, 0, 0, 0, 0, 2);
    refusesWith("tensor 1 of 1", 1);
    refusesWith("0 bytes for 0 gaps", 0, 0, 0, 0);
    refusesWith("1 bytes for 2 gaps", 0, 0, 2, 1);
    refusesWith("unknown form 3", 0, 0, 1, 1, 3);
    refusesWith("more than 63 bits", -1);
  }

  @Test
  void changesOutsideTheTensorAreRefused() {
    // Each plane is constant: the mark 0 and the byte.
    assertThat(refuses(numbers(0, 4999, 1, 1, 0, 0, 0, 0, 0))).isFalse();
    refusesWith("begins at element 5000 of 5000", 0, 5000, 1, 1, 0, 0, 0, 0, 0);
    refusesWith("element 5000 of 5000", 0, 4999, 1, 1, 0, 1, 0, 0, 0);
    refusesWith("element 5001 of 5000", 0, 4998, 2, 2, 0, 1, 0, 0, 0);
    refusesWith("change 1 of 1", 0, 0, 1, 1, 0, 0, 0, 0, 1, 1, 0, 1, 0, 0, 0, 0);
  }

  @Test
  void gapsWithoutChangesAreRefused() {
    refusesWith("more gaps than changes", 0, 0, 1, 2, 0, 0, 0, 0, 0);
    refusesWith("more gaps than changes", 0, 0, 1, 1, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 0, 0);
  }

  private void refusesWith(String message, long... numbers) {
    assertThatThrownBy(() -> apply(numbers(numbers)))
        .isInstanceOf(PolicyFormatException.class)
        .hasMessageContaining(message)
        .hasMessageContaining("fetch the snapshot instead");
  }

  private static byte[] numbers(long... numbers) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (long number : numbers) {
      Varint.write(out, number & Long.MAX_VALUE);
      if (number < 0) {
        // Nine groups that promise a tenth.
        out.reset();
        out.writeBytes(new byte[] {-1, -1, -1, -1, -1, -1, -1, -1, -1});
      }
    }
    return out.toByteArray();
  }

  private boolean refuses(byte[] bytes) {
    try {
      apply(bytes);
      return false;
    } catch (PolicyFormatException e) {
      assertThat(e).hasMessageContaining("a chunk of a weight patch is malformed");
      return true;
    }
  }

  private void apply(byte[] bytes) {
    try (SafetensorsFile policy = SafetensorsFile.openWritable(file)) {
      new ChunkDecoder(PatchTensors.of(policy)).apply(bytes);
    }
  }

  private Path write(String name, short[] bits) {
    return Policies.write(folder.resolve(name + ".safetensors"), Map.of("w", bits));
  }
}
