package dev.drpo.learner.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDManager;
import dev.drpo.policy.checkpoint.PolicyDigest;
import dev.drpo.policy.checkpoint.PolicyFolder;
import dev.drpo.policy.checkpoint.PolicyVersion;
import dev.drpo.policy.decoder.Decoder;
import dev.drpo.policy.decoder.PolicyExport;
import dev.drpo.policy.engine.TensorEngine;
import dev.drpo.policy.records.PolicyRecords;
import dev.drpo.policy.safetensors.ElementType;
import dev.drpo.policy.safetensors.Safetensors;
import dev.drpo.policy.safetensors.SafetensorsFile;
import dev.drpo.proto.learner.v1.WeightChunk;
import dev.drpo.testkit.TinyPolicy;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.NoSuchElementException;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SnapshotStoreTest {
  private static final int SIZE = (2 << 20) + 12_345;

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 1 << 20, (1 << 20) + 7, SIZE - 1, SIZE})
  void theChunksFromAnyOffsetOnAreTheRestOfTheFile(int offset) throws IOException {
    Snapshot policy = large();
    byte[] file = Files.readAllBytes(policy.file());
    ByteArrayOutputStream received = new ByteArrayOutputStream();
    try (SnapshotReader reader = SnapshotReader.open(policy, offset)) {
      for (WeightChunk chunk : reader) {
        assertThat(chunk.getOffset()).isEqualTo((long) offset + received.size());
        assertThat(chunk.getTotalBytes()).isEqualTo(SIZE);
        assertThat(chunk.getVersion()).isEqualTo(PolicyRecords.of(policy.version()));
        assertThat(chunk.getData().size()).isBetween(1, 1 << 20);
        CRC32C checksum = new CRC32C();
        checksum.update(chunk.getData().asReadOnlyByteBuffer());
        assertThat(chunk.getChecksum()).isEqualTo((int) checksum.getValue());
        chunk.getData().writeTo(received);
      }
      assertThat(reader.iterator().hasNext()).isFalse();
      assertThatThrownBy(() -> reader.iterator().next()).isInstanceOf(NoSuchElementException.class);
    }
    assertThat(received.toByteArray()).isEqualTo(Arrays.copyOfRange(file, offset, SIZE));
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, SIZE + 1L, Long.MAX_VALUE})
  void anOffsetOutsideTheFileIsRefused(long offset) throws IOException {
    Snapshot policy = large();
    assertThatThrownBy(() -> SnapshotReader.open(policy, offset))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("offset " + offset)
        .hasMessageContaining(SIZE + " bytes");
  }

  private Snapshot large() throws IOException {
    byte[] bytes = new byte[SIZE];
    new Random(1).nextBytes(bytes);
    Path file = Files.write(directory.resolve("large"), bytes);
    return new Snapshot(new PolicyVersion(3, new PolicyDigest("ab".repeat(32))), file);
  }

  @Test
  void oldVersionsAreRemovedButNeverTheStartingPolicysFile() throws IOException {
    Path starting =
        TinyPolicy.weights(directory.resolve("model.safetensors"), 1, TinyPolicy.Preset.SLIM);
    SnapshotStore store = new SnapshotStore(directory.resolve("weights"), ElementType.F32, 2);
    Snapshot start = store.addExisting(0, starting);
    withDecoder(
        starting,
        decoder -> {
          for (long step = 1; step <= 3; step++) {
            store.add(step, store.write(step, decoder));
          }
        });
    assertThat(starting).exists();
    assertThat(store.find(0)).isEmpty();
    assertThat(store.find(1)).isEmpty();
    assertThat(store.find(2)).isPresent();
    assertThat(store.newest()).isEqualTo(store.find(3)).isPresent();
    assertThat(names())
        .containsExactly("policy-00000002.safetensors", "policy-00000003.safetensors");
    // The weights did not change, and a version that is gone is still one that this run made.
    assertThat(store.find(3).orElseThrow().version().digest()).isEqualTo(start.version().digest());
    assertThat(store.knows(start.version())).isTrue();
  }

  @Test
  void aStartingPolicyInShardsIsServedAsOneFileOfTheSameDigest() throws IOException {
    PolicyFolder whole = TinyPolicy.write(directory.resolve("whole"), 1, TinyPolicy.Preset.SLIM);
    Path shards = directory.resolve("shards");
    withDecoder(
        whole.weightsFile(),
        decoder -> PolicyExport.like(whole).inShardsOf(1000).write(decoder, shards));
    SnapshotStore store = new SnapshotStore(directory.resolve("weights"), ElementType.F32, 1);

    withDecoder(
        whole.weightsFile(),
        decoder -> {
          Snapshot served = store.addStarting(new PolicyFolder(shards), decoder);
          Snapshot single = store.addStarting(whole, decoder);

          assertThat(served.version().digest()).isEqualTo(single.version().digest());
          assertThat(served.file()).hasFileName("policy-00000000.safetensors");
          assertThat(single.file()).isEqualTo(whole.weightsFile());
          assertThat(digest(served.file())).isEqualTo(served.version().digest());
        });
  }

  @Test
  void aStartingPolicyOfAnotherTypeIsServedInThePublishedOne() throws IOException {
    PolicyFolder wide = TinyPolicy.write(directory.resolve("wide"), 1, TinyPolicy.Preset.SLIM);
    SnapshotStore store = new SnapshotStore(directory.resolve("weights"), ElementType.BF16, 2);
    withDecoder(
        wide.weightsFile(),
        decoder -> {
          Snapshot served = store.addStarting(wide, decoder);
          try (Safetensors opened = Safetensors.open(served.file())) {
            assertThat(opened.tensors())
                .allSatisfy(info -> assertThat(info.type()).isEqualTo(ElementType.BF16));
          }
          assertThat(digest(served.file())).isEqualTo(served.version().digest());
        });
  }

  @Test
  void aStartingPolicyOfThePublishedTypeIsServedAsItLies() throws IOException {
    PolicyFolder folder = TinyPolicy.write(directory.resolve("narrow"), 1, TinyPolicy.Preset.SLIM);
    SnapshotStore store = new SnapshotStore(directory.resolve("weights"), ElementType.BF16, 2);
    withDecoder(
        folder.weightsFile(),
        decoder -> {
          decoder.save(folder.weightsFile(), ElementType.BF16);
          assertThat(store.addStarting(folder, decoder).file()).isEqualTo(folder.weightsFile());
        });
  }

  @Test
  void aResumedPolicyHasTheDigestThatItHadBefore() throws IOException {
    Path checkpoint =
        TinyPolicy.weights(directory.resolve("checkpoint.safetensors"), 4, TinyPolicy.Preset.SLIM);
    SnapshotStore store = new SnapshotStore(directory.resolve("weights"), ElementType.BF16, 2);
    withDecoder(
        checkpoint,
        decoder -> {
          Snapshot before = store.add(7, store.write(7, decoder));
          Snapshot resumed = store.addResumed(7, checkpoint, decoder);
          assertThat(resumed.version().digest())
              .isEqualTo(before.version().digest())
              .isNotEqualTo(digest(checkpoint));
        });
  }

  private static PolicyDigest digest(Path file) {
    try (Safetensors weights = Safetensors.open(file)) {
      return PolicyDigest.of(weights);
    }
  }

  @Test
  void aReaderKeepsTheVersionThatItHasOpened() throws IOException {
    Path starting =
        TinyPolicy.weights(directory.resolve("model.safetensors"), 1, TinyPolicy.Preset.SLIM);
    SnapshotStore store = new SnapshotStore(directory.resolve("weights"), ElementType.F32, 1);
    withDecoder(
        starting,
        decoder -> {
          Snapshot first = store.add(1, store.write(1, decoder));
          byte[] bytes = Files.readAllBytes(first.file());
          try (SnapshotReader reader = SnapshotReader.open(first, 0)) {
            store.add(2, store.write(2, decoder));
            assertThat(reader.iterator().next().getData().toByteArray()).isEqualTo(bytes);
          }
          assertThatThrownBy(() -> SnapshotReader.open(first, 0))
              .isInstanceOf(NoSuchFileException.class);
        });
  }

  @Test
  void onlyVersionsOfThisRunAreKnown() throws IOException {
    SnapshotStore store = new SnapshotStore(directory.resolve("weights"), ElementType.F32, 2);
    Snapshot made =
        store.addExisting(
            0,
            TinyPolicy.weights(directory.resolve("model.safetensors"), 1, TinyPolicy.Preset.SLIM));
    PolicyVersion version = made.version();
    assertThat(store.knows(version)).isTrue();
    assertThat(store.knows(new PolicyVersion(1, version.digest()))).isFalse();
    PolicyDigest other = new PolicyDigest("cd".repeat(32));
    assertThat(store.knows(new PolicyVersion(0, other))).isFalse();
    PolicyVersion earlier = new PolicyVersion(1, other);
    assertThat(store.knows(earlier)).isFalse();
    store.remember(earlier);
    assertThat(store.knows(earlier)).isTrue();
    assertThat(store.made()).containsExactly(version, earlier);
    assertThat(store.find(1)).isEmpty();
  }

  @Test
  void whatAnEarlierProcessLeftIsRemoved() throws IOException {
    Path folder = Files.createDirectory(directory.resolve("weights"));
    Files.writeString(folder.resolve("policy-00000007.safetensors"), "old");
    Files.writeString(folder.resolve("policy-00000008.safetensors.partial"), "half");
    SnapshotStore store = new SnapshotStore(folder, ElementType.F32, 2);
    assertThat(names()).isEmpty();
    assertThat(store.newest()).isEmpty();
  }

  private interface Use {
    void with(Decoder decoder) throws IOException;
  }

  private static void withDecoder(Path file, Use use) throws IOException {
    TensorEngine.prepareThread();
    try (NDManager manager = TensorEngine.newManager();
        SafetensorsFile weights = SafetensorsFile.open(file)) {
      use.with(Decoder.load(manager, TinyPolicy.Preset.SLIM.config(), weights));
    }
  }

  private String[] names() throws IOException {
    try (Stream<Path> entries = Files.list(directory.resolve("weights"))) {
      return entries.map(path -> path.getFileName().toString()).sorted().toArray(String[]::new);
    }
  }
}
