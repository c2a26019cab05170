package dev.drpo.policy.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drpo.policy.PolicyFormatException;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShardedSafetensorsTest {
  private static final String FIRST = "model-00001-of-00002.safetensors";
  private static final String SECOND = "model-00002-of-00002.safetensors";
  private static final String MAP =
      "\"a\": \"%1$s\", \"b\": \"%1$s\", \"c\": \"%2$s\"".formatted(FIRST, SECOND);

  @TempDir Path folder;
  private Path index;

  @BeforeEach
  void writeShards() throws IOException {
    write(FIRST, "a", "b");
    write(SECOND, "c");
    index = writeIndex(MAP);
  }

  @Test
  void everyTensorIsFoundInItsShard() {
    try (Safetensors opened = Safetensors.open(index)) {
      assertThat(opened).isInstanceOf(ShardedSafetensors.class);
      assertThat(opened.path()).isEqualTo(index);
      assertThat(opened.tensors()).extracting(TensorInfo::name).containsExactly("a", "b", "c");
      for (String name : List.of("a", "b", "c")) {
        assertThat(opened.info(name)).isEqualTo(tensor(name));
        assertThat(opened.data(name).toArray(ValueLayout.JAVA_BYTE)).containsOnly(name.charAt(0));
        assertThat(opened.file(name)).isEqualTo(folder.resolve(name.equals("c") ? SECOND : FIRST));
      }
    }
  }

  @Test
  void theOrderOfTheIndexDoesNotMatter() throws IOException {
    writeIndex("\"c\": \"%2$s\", \"b\": \"%1$s\", \"a\": \"%1$s\"".formatted(FIRST, SECOND));

    try (Safetensors opened = Safetensors.open(index)) {
      assertThat(opened.tensors()).extracting(TensorInfo::name).containsExactly("a", "b", "c");
    }
  }

  @Test
  void anAbsentTensorIsRefusedByName() {
    try (Safetensors opened = Safetensors.open(index)) {
      assertThatThrownBy(() -> opened.data("d"))
          .isInstanceOf(PolicyFormatException.class)
          .hasMessageContainingAll(index.toString(), "no tensor d");
    }
  }

  @Test
  void aMissingShardIsRefusedWithATensorOfIt() throws IOException {
    Files.delete(folder.resolve(SECOND));

    requireRefused(folder.resolve(SECOND).toString(), "does not exist", "tensor c", "fetch");
  }

  @Test
  void aTensorInTheWrongShardIsRefusedWithBothFiles() throws IOException {
    write(FIRST, "a");
    write(SECOND, "b", "c");

    requireRefused(folder.resolve(SECOND).toString(), "holds tensor b", "lies in " + FIRST);
  }

  @Test
  void aTensorInTwoShardsIsRefusedWithBothFiles() throws IOException {
    write(SECOND, "b", "c");

    requireRefused(
        folder.resolve(SECOND).toString(), "tensor b", folder.resolve(FIRST) + " as well");
  }

  @Test
  void aTensorThatTheIndexDoesNotNameIsRefused() throws IOException {
    write(SECOND, "c", "d");

    requireRefused(folder.resolve(SECOND).toString(), "tensor d", "does not name");
  }

  @Test
  void aTensorThatItsShardLacksIsRefused() throws IOException {
    write(FIRST, "a");

    requireRefused(folder.resolve(FIRST) + " has no tensor b", index.toString());
  }

  @Test
  void aTruncatedShardIsRefusedByFileAndTensor() throws IOException {
    Path shard = folder.resolve(SECOND);
    byte[] bytes = Files.readAllBytes(shard);
    Files.write(shard, Arrays.copyOf(bytes, bytes.length - 1));

    requireRefused(shard.toString(), "tensor c");
  }

  @Test
  void aTensorThatTheIndexNamesTwiceIsRefused() throws IOException {
    writeIndex(MAP + ", \"a\": \"" + SECOND + "\"");

    requireRefused(index.toString(), "Duplicate", "'a'");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"../other.safetensors\"",
        "\"/etc/passwd\"",
        "7",
        "null",
        "\"x/y\"",
        "\"..\"",
        "\"\""
      })
  void aShardOutsideTheFolderIsRefused(String shard) throws IOException {
    writeIndex(MAP + ", \"d\": " + shard);

    requireRefused(index.toString(), "tensor d", shard);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "[]", "{}", "{\"weight_map\": {}}", "{\"weight_map\": 7}"})
  void whatIsNoIndexIsRefusedByFile(String text) throws IOException {
    Files.writeString(index, text);

    requireRefused(index.toString());
  }

  private void requireRefused(String... parts) {
    assertThatThrownBy(() -> Safetensors.open(index).close())
        .isInstanceOf(PolicyFormatException.class)
        .hasMessageContainingAll(parts);
  }

  private Path writeIndex(String map) throws IOException {
    return Files.writeString(
        folder.resolve(ShardedWriter.INDEX_FILE),
        "{\"metadata\": {\"total_size\": 24}, \"weight_map\": {" + map + "}}");
  }

  private void write(String file, String... names) throws IOException {
    SafetensorsWriter.write(
        folder.resolve(file),
        Arrays.stream(names).map(ShardedSafetensorsTest::tensor).toList(),
        info -> {
          byte[] bytes = new byte[8];
          Arrays.fill(bytes, (byte) info.name().charAt(0));
          return ByteBuffer.wrap(bytes);
        });
  }

  private static TensorInfo tensor(String name) {
    return TensorInfo.of(name, ElementType.F32, 2);
  }
}
