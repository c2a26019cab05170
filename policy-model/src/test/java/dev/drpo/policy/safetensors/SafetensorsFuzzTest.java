package dev.drpo.policy.safetensors;

import static dev.drpo.policy.safetensors.RawSafetensors.entry;
import static org.assertj.core.api.Assertions.assertThat;

import dev.drpo.policy.PolicyFormatException;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Whatever a file holds, it is refused or all of its tensors can be read. */
class SafetensorsFuzzTest {
  private static final int DATA_BYTES = 28;
  private static final String HEADER =
      "{\"__metadata__\":{\"format\":\"pt\"},"
          + entry("first", "F32", "[2,2]", "[0,16]")
          + ","
          + entry("second", "BF16", "[4]", "[16,24]")
          + ","
          + entry("third", "F16", "[2]", "[24,28]")
          + "}";

  private static Path file;

  @BeforeContainer
  static void createFile() throws IOException {
    file = Files.createTempFile("fuzzed", ".safetensors");
  }

  @AfterContainer
  static void deleteFile() throws IOException {
    Files.delete(file);
  }

  @Property(tries = 500)
  void corruptedBytesAreRefusedOrHarmless(
      @ForAll @Size(min = 1, max = 4) List<@IntRange(max = 400) Integer> places,
      @ForAll @Size(4) List<Byte> values)
      throws IOException {
    RawSafetensors.write(file, HEADER, DATA_BYTES);
    byte[] bytes = Files.readAllBytes(file);
    int corruptible = bytes.length - DATA_BYTES;
    for (int i = 0; i < places.size(); i++) {
      bytes[places.get(i) % corruptible] = values.get(i);
    }
    Files.write(file, bytes);

    requireRefusedOrReadable();
  }

  @Property(tries = 500)
  void cutFilesAreRefused(@ForAll @IntRange(min = 1, max = 400) int cut) throws IOException {
    RawSafetensors.write(file, HEADER, DATA_BYTES);
    byte[] bytes = Files.readAllBytes(file);
    int kept = Math.max(0, bytes.length - cut);
    Files.write(file, Arrays.copyOf(bytes, kept));

    assertThat(requireRefusedOrReadable()).isFalse();
  }

  @Property(tries = 500)
  void anyNumbersAreRefusedOrHarmless(
      @ForAll long rows,
      @ForAll @IntRange(min = -1, max = 8) int columns,
      @ForAll long begin,
      @ForAll long end)
      throws IOException {
    String offsets = "[" + begin + "," + end + "]";
    String header = "{" + entry("first", "F32", "[" + rows + "," + columns + "]", offsets) + "}";
    RawSafetensors.write(file, header, DATA_BYTES);

    requireRefusedOrReadable();
  }

  @Property(tries = 300)
  void anyTextIsRefusedOrHarmless(@ForAll String header) throws IOException {
    byte[] bytes = header.getBytes(StandardCharsets.UTF_8);
    RawSafetensors.write(file, bytes.length, bytes, 0);

    requireRefusedOrReadable();
  }

  /** Any two tensors that touch, overlap, leave a gap or reach beyond the file. */
  @Property(tries = 500)
  void anyTwoExtentsAreRefusedUnlessTheyFillTheFile(
      @ForAll @IntRange(max = 32) int firstBegin,
      @ForAll @IntRange(max = 32) int firstEnd,
      @ForAll @IntRange(max = 32) int secondBegin,
      @ForAll @IntRange(max = 32) int secondEnd)
      throws IOException {
    String header =
        "{"
            + entry("first", "BF16", shape(firstEnd - firstBegin), extent(firstBegin, firstEnd))
            + ","
            + entry("second", "F16", shape(secondEnd - secondBegin), extent(secondBegin, secondEnd))
            + "}";
    RawSafetensors.write(file, header, DATA_BYTES);
    boolean wellFormed =
        (firstEnd - firstBegin) % 2 == 0
            && (secondEnd - secondBegin) % 2 == 0
            && firstBegin <= firstEnd
            && secondBegin <= secondEnd
            && fill(firstBegin, firstEnd, secondBegin, secondEnd);

    assertThat(requireRefusedOrReadable()).isEqualTo(wellFormed);
  }

  private static boolean fill(int firstBegin, int firstEnd, int secondBegin, int secondEnd) {
    return (firstBegin == 0 && firstEnd == secondBegin && secondEnd == DATA_BYTES)
        || (secondBegin == 0 && secondEnd == firstBegin && firstEnd == DATA_BYTES);
  }

  private static String shape(int bytes) {
    return "[" + bytes / 2 + "]";
  }

  private static String extent(int begin, int end) {
    return "[" + begin + "," + end + "]";
  }

  @Property(tries = 100)
  void nestingOfAnyDepthIsRefused(
      @ForAll @IntRange(min = 2, max = 200_000) int depth, @ForAll boolean lists)
      throws IOException {
    String open = lists ? "[" : "{\"a\":";
    byte[] header = ("{\"a\":" + open.repeat(depth)).getBytes(StandardCharsets.UTF_8);
    RawSafetensors.write(file, header.length, header, 0);

    assertThat(requireRefusedOrReadable()).isFalse();
  }

  @Property(tries = 300)
  void anyHeaderLengthIsRefusedUnlessItIsTheRightOne(@ForAll long headerBytes) throws IOException {
    byte[] header = HEADER.getBytes(StandardCharsets.UTF_8);
    RawSafetensors.write(file, headerBytes, header, DATA_BYTES);

    assertThat(requireRefusedOrReadable()).isEqualTo(headerBytes == header.length);
  }

  /** Whether the file could be read. */
  private static boolean requireRefusedOrReadable() {
    try (SafetensorsFile opened = SafetensorsFile.open(file)) {
      long total = 0;
      for (TensorInfo tensor : opened.tensors()) {
        byte[] data = opened.data(tensor.name()).toArray(ValueLayout.JAVA_BYTE);
        assertThat(data).hasSize(Math.toIntExact(tensor.bytes()));
        total += data.length;
      }
      assertThat(total).isIn(0L, (long) DATA_BYTES);
      return true;
    } catch (PolicyFormatException refused) {
      assertThat(refused).hasMessageContaining(file.toString());
      return false;
    }
  }
}
