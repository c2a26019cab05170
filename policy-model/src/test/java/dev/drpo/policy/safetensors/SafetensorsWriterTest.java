package dev.drpo.policy.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SafetensorsWriterTest {
  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(ElementType.class)
  void whatIsWrittenIsReadBack(ElementType type) throws IOException {
    List<TensorInfo> tensors =
        List.of(
            TensorInfo.of("z.weight", type, 3, 2),
            TensorInfo.of("nom à \"guillemets\"", type, 5),
            TensorInfo.of("scalar", type),
            TensorInfo.of("empty", type, 0, 4));
    Path path = folder.resolve("x.safetensors");
    SafetensorsWriter.write(path, tensors, SafetensorsWriterTest::pattern);

    try (SafetensorsFile file = SafetensorsFile.open(path)) {
      assertThat(file.tensors()).containsExactlyElementsOf(tensors);
      for (TensorInfo tensor : tensors) {
        assertThat(file.data(tensor.name()).toArray(ValueLayout.JAVA_BYTE))
            .isEqualTo(pattern(tensor).array());
      }
    }
  }

  @Test
  void dataBeginsAlignedToEightBytes() throws IOException {
    Path path = folder.resolve("x.safetensors");
    for (String name : List.of("a", "ab", "abc", "é")) {
      SafetensorsWriter.write(
          path, List.of(TensorInfo.of(name, ElementType.F32, 2)), SafetensorsWriterTest::pattern);
      ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(path)).order(ByteOrder.LITTLE_ENDIAN);

      assertThat(bytes.getLong() % 8).isZero();
    }
  }

  @Test
  void aSourceThatFailsLeavesTheOldFileAndNothingElse() throws IOException {
    Path path = Files.writeString(folder.resolve("x.safetensors"), "old");
    TensorInfo good = TensorInfo.of("good", ElementType.F32, 4);
    TensorInfo bad = TensorInfo.of("bad", ElementType.F32, 4);

    assertThatThrownBy(
            () ->
                SafetensorsWriter.write(
                    path,
                    List.of(good, bad),
                    tensor -> {
                      if (tensor.equals(bad)) {
                        throw new UncheckedIOException(new IOException("the source broke"));
                      }
                      return pattern(tensor);
                    }))
        .isInstanceOf(UncheckedIOException.class);
    requireOnlyOldFile(path);
  }

  @Test
  void aSourceOfTheWrongLengthIsRefusedByName() throws IOException {
    Path path = Files.writeString(folder.resolve("x.safetensors"), "old");

    assertThatThrownBy(
            () ->
                SafetensorsWriter.write(
                    path,
                    List.of(TensorInfo.of("short", ElementType.F32, 4)),
                    tensor -> ByteBuffer.allocate(12)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("short", "[4]", "16 bytes", "gave 12");
    requireOnlyOldFile(path);
  }

  @Test
  void aFolderThatIsNotThereIsAnIoError() {
    assertThatThrownBy(
            () ->
                SafetensorsWriter.write(
                    folder.resolve("absent").resolve("x.safetensors"),
                    List.of(),
                    SafetensorsWriterTest::pattern))
        .isInstanceOf(NoSuchFileException.class);
  }

  private void requireOnlyOldFile(Path path) throws IOException {
    assertThat(path).hasContent("old");
    try (var files = Files.list(folder)) {
      assertThat(files).containsExactly(path);
    }
  }

  private static ByteBuffer pattern(TensorInfo tensor) {
    byte[] bytes = new byte[Math.toIntExact(tensor.bytes())];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (31 * i + tensor.name().length());
    }
    return ByteBuffer.wrap(bytes);
  }
}
