package dev.drpo.policy.safetensors;

import static dev.drpo.policy.safetensors.RawSafetensors.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drpo.policy.PolicyFormatException;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SafetensorsFileTest {
  @TempDir Path folder;

  @Test
  void tensorsAreFoundInAnyOrderOfTheHeader() throws IOException {
    String header =
        "{"
            + entry("late", "F16", "[2,1]", "[8,12]")
            + ",\"__metadata__\":{\"format\":\"pt\"},"
            + entry("nothing", "F32", "[0,7]", "[8,8]")
            + ","
            + entry("early", "F32", "[2]", "[0,8]")
            + "}  ";
    Path path = RawSafetensors.write(folder.resolve("x.safetensors"), header, 12);

    try (SafetensorsFile file = SafetensorsFile.open(path)) {
      assertThat(file.tensors())
          .containsExactly(
              TensorInfo.of("late", ElementType.F16, 2, 1),
              TensorInfo.of("nothing", ElementType.F32, 0, 7),
              TensorInfo.of("early", ElementType.F32, 2));
      assertThat(file.data("late").toArray(ValueLayout.JAVA_BYTE)).containsExactly(8, 9, 10, 11);
      assertThat(file.data("early").toArray(ValueLayout.JAVA_BYTE))
          .containsExactly(0, 1, 2, 3, 4, 5, 6, 7);
      assertThat(file.data("nothing").byteSize()).isZero();
      assertThat(file.path()).isEqualTo(path);
    }
  }

  @Test
  void dataIsMappedAndEndsWithTheFile() throws IOException {
    Path path =
        RawSafetensors.write(
            folder.resolve("x.safetensors"), "{" + entry("a", "F32", "[1]", "[0,4]") + "}", 4);
    var file = SafetensorsFile.open(path);
    var data = file.data("a");
    assertThat(data.isMapped()).isTrue();
    assertThat(data.isReadOnly()).isTrue();
    file.close();

    assertThatThrownBy(() -> data.get(ValueLayout.JAVA_BYTE, 0))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void anAbsentTensorIsRefusedByName() throws IOException {
    Path path =
        RawSafetensors.write(
            folder.resolve("x.safetensors"), "{" + entry("a", "F32", "[1]", "[0,4]") + "}", 4);
    try (SafetensorsFile file = SafetensorsFile.open(path)) {
      assertThatThrownBy(() -> file.data("b"))
          .isInstanceOf(PolicyFormatException.class)
          .hasMessageContainingAll(path.toString(), "no tensor b", "incomplete");
    }
  }

  @Test
  void anAbsentFileIsRefused() {
    Path path = folder.resolve("absent.safetensors");
    assertThatThrownBy(() -> SafetensorsFile.open(path))
        .isInstanceOf(PolicyFormatException.class)
        .hasMessageContaining(path.toString());
  }

  static Stream<Arguments> malformedHeaders() {
    String good = entry("a", "F32", "[2]", "[0,8]");
    return Stream.of(
        Arguments.of("is not JSON", "{" + good, 8),
        Arguments.of("is not JSON", "{" + good + "} {}", 8),
        Arguments.of("Duplicate", "{" + good + "," + good + "}", 8),
        Arguments.of("not a JSON object", "[1,2]", 0),
        Arguments.of("not a JSON object", "      ", 0),
        Arguments.of("dtype 'I64'", "{" + entry("a", "I64", "[1]", "[0,8]") + "}", 8),
        Arguments.of("dtype ''", "{\"a\":7}", 0),
        Arguments.of("shape [2,-1]", "{" + entry("a", "F32", "[2,-1]", "[0,8]") + "}", 8),
        Arguments.of("shape [1.5]", "{" + entry("a", "F32", "[1.5]", "[0,6]") + "}", 6),
        Arguments.of("shape {}", "{" + entry("a", "F32", "{}", "[0,4]") + "}", 4),
        Arguments.of(
            "impossible shape",
            "{" + entry("a", "F32", "[4611686018427387904,4]", "[0,8]") + "}",
            8),
        Arguments.of(
            "impossible shape", "{" + entry("a", "F32", "[4611686018427387904]", "[0,8]") + "}", 8),
        Arguments.of(
            "shape [99999999999999999999]",
            "{" + entry("a", "F32", "[99999999999999999999]", "[0,8]") + "}",
            8),
        Arguments.of("data_offsets [0, 8]", "{" + entry("a", "F32", "[3]", "[0,8]") + "}", 8),
        Arguments.of("data_offsets [0, 8, 8]", "{" + entry("a", "F32", "[2]", "[0,8,8]") + "}", 8),
        Arguments.of("data_offsets [8, 0]", "{" + entry("a", "F32", "[2]", "[8,0]") + "}", 8),
        Arguments.of("data_offsets [-8,0]", "{" + entry("a", "F32", "[2]", "[-8,0]") + "}", 8),
        Arguments.of("data_offsets [8, 16]", "{" + entry("a", "F32", "[2]", "[8,16]") + "}", 12),
        Arguments.of("of 7 bytes of data", "{" + good + "}", 7),
        Arguments.of("end at 8, but 9 bytes follow", "{" + good + "}", 9),
        Arguments.of(
            "tensor b begins at 4, but the tensors before it end at 8",
            "{" + good + "," + entry("b", "F32", "[2]", "[4,12]") + "}",
            12),
        Arguments.of(
            "tensor b begins at 12, but the tensors before it end at 8",
            "{" + good + "," + entry("b", "F32", "[2]", "[12,20]") + "}",
            20),
        Arguments.of(
            "tensor b begins at 0, but the tensors before it end at 8",
            "{" + good + "," + entry("b", "F32", "[2]", "[0,8]") + "}",
            16));
  }

  @ParameterizedTest
  @MethodSource("malformedHeaders")
  void aMalformedHeaderIsRefusedWithFileAndReason(String reason, String header, int dataBytes)
      throws IOException {
    requireRefused(
        RawSafetensors.write(folder.resolve("x.safetensors"), header, dataBytes), reason);
  }

  @Test
  void aFileWithoutAWholeHeaderIsRefused() throws IOException {
    Path path = folder.resolve("x.safetensors");
    byte[] header = "{}".getBytes(StandardCharsets.UTF_8);

    requireRefused(Files.write(path, new byte[0]), "it has 0 bytes");
    requireRefused(Files.write(path, new byte[7]), "it has 7 bytes");
    requireRefused(RawSafetensors.write(path, 3, header, 0), "header length of 3");
    requireRefused(RawSafetensors.write(path, Long.MAX_VALUE, header, 0), "header length of 9223");
    requireRefused(RawSafetensors.write(path, -1, header, 0), "header length of -1");
    requireRefused(RawSafetensors.write(path, 0, header, 0), "header length of 0");
  }

  /** The file is sparse: it takes no space, and none of it is read. */
  @Test
  void aHeaderThatWouldFillTheMemoryIsRefusedByItsLength() throws IOException {
    Path path = folder.resolve("x.safetensors");
    ByteBuffer length = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    length.putLong(100_000_000).flip();
    try (FileChannel channel =
        FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      channel.write(length);
      channel.write(ByteBuffer.allocate(1), 200_000_000);
    }

    requireRefused(path, "header length of 100000000 exceeds the limit");
  }

  @Test
  void aHeaderThatIsNoUtf8IsRefused() throws IOException {
    byte[] header = {'{', '"', (byte) 0xff, '"', ':', '7', '}', ' '};

    requireRefused(
        RawSafetensors.write(folder.resolve("x.safetensors"), header.length, header, 0),
        "not JSON in UTF-8");
  }

  private static void requireRefused(Path path, String reason) {
    assertThatThrownBy(() -> SafetensorsFile.open(path).close())
        .isInstanceOf(PolicyFormatException.class)
        .hasMessageContainingAll(path.toString(), reason);
  }
}
