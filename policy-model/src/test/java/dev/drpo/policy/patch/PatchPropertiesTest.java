package dev.drpo.policy.patch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Whatever the two policies are, the patch between them leads from the one to the other. */
class PatchPropertiesTest {
  /** Zeros of both signs, infinities, quiet and signalling NaN, subnormal, largest, one. */
  private static final short[] PECULIAR = {
    0,
    (short) 0x8000,
    0x7f80,
    (short) 0xff80,
    0x7fc0,
    0x7f81,
    (short) 0xffff,
    1,
    (short) 0x8001,
    0x7f7f,
    0x3f80
  };

  private static Path folder;

  @BeforeContainer
  static void makeFolder() throws IOException {
    folder = Files.createTempDirectory("patches");
  }

  @AfterContainer
  static void deleteFolder() throws IOException {
    try (var files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }

  @Property(tries = 300)
  void aPatchedBaseIsTheNextPolicyToTheLastBit(
      @ForAll long seed,
      @ForAll @IntRange(min = 0, max = 4) int tensors,
      @ForAll @IntRange(min = 0, max = 5) int density) {
    Random random = new Random(seed);
    Map<String, short[]> base = new LinkedHashMap<>();
    Map<String, short[]> next = new LinkedHashMap<>();
    for (int i = 0; i < tensors; i++) {
      short[] bits = bits(random, length(random));
      // Names in no order, so that the files' order is not that of the names.
      String name = Integer.toHexString(random.nextInt()) + i;
      base.put(name, bits);
      next.put(name, changed(random, bits, share(density)));
    }

    Path from = Policies.write(folder.resolve("base.safetensors"), base);
    Path to = Policies.write(folder.resolve("next.safetensors"), reversed(next));
    List<byte[]> chunks = Policies.chunks(from, to, PatchEncoder.MIN_CHUNK_BYTES);
    long changed = Policies.apply(chunks, from);

    assertThat(Policies.digest(from)).isEqualTo(Policies.digest(to));
    assertThat(changed).isEqualTo(differences(base, next));
    assertThat(chunks)
        .isNotEmpty()
        .allSatisfy(
            chunk -> assertThat(chunk.length).isLessThanOrEqualTo(PatchEncoder.MIN_CHUNK_BYTES));
  }

  private static double share(int density) {
    return new double[] {0, 0.0005, 0.01, 0.3, 0.9, 1}[density];
  }

  private static int length(Random random) {
    return switch (random.nextInt(4)) {
      case 0 -> 0;
      case 1 -> 1;
      case 2 -> random.nextInt(10);
      default -> random.nextInt(20_000);
    };
  }

  private static short[] bits(Random random, int length) {
    short[] bits = new short[length];
    for (int i = 0; i < length; i++) {
      bits[i] = bits(random);
    }
    return bits;
  }

  private static short bits(Random random) {
    return random.nextInt(3) == 0
        ? PECULIAR[random.nextInt(PECULIAR.length)]
        : (short) random.nextInt();
  }

  private static short[] changed(Random random, short[] bits, double share) {
    short[] next = bits.clone();
    for (int i = 0; i < bits.length; i++) {
      if (random.nextDouble() < share) {
        next[i] = random.nextBoolean() ? bits(random) : (short) (bits[i] + random.nextInt(3) - 1);
      }
    }
    if (bits.length > 0 && random.nextBoolean()) {
      next[bits.length - 1]++;
    }
    return next;
  }

  private static long differences(Map<String, short[]> base, Map<String, short[]> next) {
    long count = 0;
    for (Map.Entry<String, short[]> tensor : base.entrySet()) {
      short[] bits = next.get(tensor.getKey());
      for (int i = 0; i < bits.length; i++) {
        count += bits[i] == tensor.getValue()[i] ? 0 : 1;
      }
    }
    return count;
  }

  private static Map<String, short[]> reversed(Map<String, short[]> tensors) {
    Map<String, short[]> reversed = new LinkedHashMap<>();
    List.copyOf(tensors.keySet()).reversed().forEach(name -> reversed.put(name, tensors.get(name)));
    return reversed;
  }
}
