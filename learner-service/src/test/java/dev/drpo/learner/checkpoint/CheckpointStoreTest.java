package dev.drpo.learner.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.hash.Hashing;
import dev.drpo.learner.checkpoint.CheckpointStore.Checkpoint;
import dev.drpo.policy.checkpoint.PolicyDigest;
import dev.drpo.policy.checkpoint.PolicyVersion;
import dev.drpo.policy.decoder.Decoder;
import dev.drpo.policy.engine.TensorEngine;
import dev.drpo.policy.safetensors.ElementType;
import dev.drpo.policy.safetensors.SafetensorsFile;
import dev.drpo.policy.trainer.MicroBatch;
import dev.drpo.policy.trainer.PolicyTrainer;
import dev.drpo.reports.RunCounts;
import dev.drpo.testkit.TinyPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class CheckpointStoreTest {
  @TempDir Path directory;
  private Path folder;
  private NDManager manager;
  private PolicyTrainer trainer;

  @BeforeEach
  void open() throws IOException {
    folder = directory.resolve("checkpoints");
    TensorEngine.prepareThread();
    manager = TensorEngine.newManager();
    trainer =
        load(TinyPolicy.weights(directory.resolve("model.safetensors"), 1, TinyPolicy.Preset.SLIM));
  }

  @AfterEach
  void close() {
    manager.close();
  }

  @Test
  void theFilesThatAreHashedAreToldPieceByPiece() throws IOException {
    AtomicInteger pieces = new AtomicInteger();
    CheckpointStore store = new CheckpointStore(folder, 2, pieces::incrementAndGet);
    store.write(manifest(1), trainer);
    assertThat(pieces.getAndSet(0)).isGreaterThanOrEqualTo(2);
    assertThat(store.newest()).isPresent();
    assertThat(pieces.get()).isGreaterThanOrEqualTo(2);
  }

  @Test
  void aTrainerRestoredFromACheckpointGoesOnBitForBit() throws IOException {
    learn(trainer);
    Checkpoint written = new CheckpointStore(folder, 2).write(manifest(1), trainer);
    Checkpoint read = new CheckpointStore(folder, 2).newest().orElseThrow();
    assertThat(read).isEqualTo(written);
    PolicyTrainer restored = load(read.policyFile());
    try (SafetensorsFile moments = SafetensorsFile.open(read.optimizerFile())) {
      restored.restoreMoments(moments, read.manifest().optimizerSteps());
    }
    assertThat(restored.optimizerSteps()).isEqualTo(1);
    learn(trainer);
    learn(restored);
    assertThat(digest(restored)).isEqualTo(digest(trainer));
  }

  @Test
  void theNewestAreKept() throws IOException {
    CheckpointStore store = new CheckpointStore(folder, 2);
    for (long step = 1; step <= 4; step++) {
      store.write(manifest(step), trainer);
    }
    assertThat(names()).containsExactly("step-00000003", "step-00000004");
    assertThat(store.newest().orElseThrow().manifest().step()).isEqualTo(4);
  }

  @Test
  void theLogIsNeededFromTheLeastOffsetOfTheKeptCheckpointsOn() throws IOException {
    CheckpointStore store = new CheckpointStore(folder, 2);
    assertThat(store.firstNeededOffsets()).isEmpty();
    store.write(manifest(1, Map.of(0, 4L, 1, 6L)), trainer);
    assertThat(store.firstNeededOffsets()).isEqualTo(Map.of(0, 4L, 1, 6L));
    store.write(manifest(2, Map.of(0, 9L, 1, 6L)), trainer);
    assertThat(store.firstNeededOffsets()).isEqualTo(Map.of(0, 4L, 1, 6L));
    store.write(manifest(3, Map.of(0, 11L, 1, 5L, 2, 1L)), trainer);
    // One of them would read the third partition from its beginning.
    assertThat(store.firstNeededOffsets()).isEqualTo(Map.of(0, 9L, 1, 5L));
  }

  @Test
  void aCheckpointThatCanNotBeReadMayNeedAllOfTheLog() throws IOException {
    CheckpointStore store = new CheckpointStore(folder, 2);
    Checkpoint first = store.write(manifest(1, Map.of(0, 4L)), trainer);
    store.write(manifest(2, Map.of(0, 9L)), trainer);
    Damage.EMPTY.to(first.folder().resolve("checkpoint.json"));
    assertThat(store.firstNeededOffsets()).isEmpty();
    store.write(manifest(3, Map.of(0, 11L)), trainer);
    assertThat(store.firstNeededOffsets()).isEqualTo(Map.of(0, 9L));
  }

  @Test
  void anEmptyStoreHasNoNewest() throws IOException {
    assertThat(new CheckpointStore(folder, 2).newest()).isEmpty();
  }

  /** What can happen to a file on a disk. */
  enum Damage {
    FLIPPED_BIT {
      @Override
      void to(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 0x01;
        Files.write(file, bytes);
      }
    },
    LOST_TAIL {
      @Override
      void to(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(bytes, bytes.length - 1));
      }
    },
    EMPTY {
      @Override
      void to(Path file) throws IOException {
        Files.write(file, new byte[0]);
      }
    },
    MISSING {
      @Override
      void to(Path file) throws IOException {
        Files.delete(file);
      }
    };

    abstract void to(Path file) throws IOException;
  }

  private static Stream<Arguments> damagedFiles() {
    return Stream.of(
            "policy.safetensors", "optimizer.safetensors", "checkpoint.json", "checkpoint.sha256")
        .flatMap(name -> Stream.of(Damage.values()).map(damage -> Arguments.of(name, damage)));
  }

  @ParameterizedTest
  @MethodSource("damagedFiles")
  void aDamagedFileMakesTheCheckpointBeforeItTheNewest(String name, Damage damage)
      throws IOException {
    CheckpointStore store = new CheckpointStore(folder, 2);
    store.write(manifest(1), trainer);
    damage.to(store.write(manifest(2), trainer).folder().resolve(name));
    assertThat(store.newest().orElseThrow().manifest()).isEqualTo(step(1));
  }

  @ParameterizedTest
  @MethodSource("damagedFiles")
  void whereAllAreBrokenNoneIsTakenAndEachIsNamed(String name, Damage damage) throws IOException {
    CheckpointStore store = new CheckpointStore(folder, 2);
    damage.to(store.write(manifest(1), trainer).folder().resolve(name));
    Files.delete(store.write(manifest(2), trainer).optimizerFile());
    assertThatThrownBy(store::newest)
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("step-00000002 is broken (optimizer.safetensors is missing)")
        .hasMessageContaining("step-00000001 is broken (")
        .hasMessageContaining(name)
        .hasMessageContaining("move the folder away");
  }

  @Test
  void aCheckpointOfTheFirstFormatIsRead() throws IOException {
    CheckpointStore store = new CheckpointStore(folder, 2);
    Path first = store.write(manifest(1), trainer).folder();
    rewrite(first, json -> json.remove(List.of("format", "settings")));
    Files.delete(first.resolve("checkpoint.sha256"));
    CheckpointManifest read = store.newest().orElseThrow().manifest();
    assertThat(read.format()).isZero();
    assertThat(read.settings()).isEmpty();
    assertThat(read.counters()).isEqualTo(manifest(1).counters());
  }

  /** As they lay before counts and versions had types of their own. */
  @Test
  void countsAndVersionsLieFlatInTheManifest() throws IOException {
    Path written = new CheckpointStore(folder, 2).write(manifest(1), trainer).folder();
    JsonNode json = new ObjectMapper().readTree(written.resolve("checkpoint.json").toFile());
    assertThat(json.get("step").asLong()).isEqualTo(1);
    assertThat(json.get("policyDigest").asText()).isEqualTo("ab".repeat(32));
    assertThat(json.get("digests").toString())
        .isEqualTo("{\"0\":\"%s\",\"1\":\"%s\"}".formatted("00".repeat(32), "ab".repeat(32)));
    assertThat(json.get("counters"))
        .isEqualTo(
            new ObjectMapper()
                .readTree(
                    """
                    {"dispatched": 1, "scored": 2, "trained": 3, "duplicates": 5, "refilled": 4, "resent": 8,
                     "tokensGenerated": 6, "tokensLearned": 7}
                    """));
  }

  @ParameterizedTest
  @EnumSource(names = {"LOST_TAIL", "EMPTY", "MISSING"})
  void aDamagedManifestOfTheFirstFormatIsBrokenToo(Damage damage) throws IOException {
    CheckpointStore store = new CheckpointStore(folder, 2);
    Path first = store.write(manifest(1), trainer).folder();
    Files.delete(first.resolve("checkpoint.sha256"));
    damage.to(first.resolve("checkpoint.json"));
    assertThatThrownBy(store::newest)
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("step-00000001 is broken (checkpoint.json is ");
  }

  @Test
  void aCheckpointOfALaterVersionIsRefused() throws IOException {
    CheckpointStore store = new CheckpointStore(folder, 2);
    store.write(manifest(1), trainer);
    Path later = store.write(manifest(2), trainer).folder();
    rewrite(later, json -> json.put("format", 99).put("unheardOf", true));
    assertThatThrownBy(store::newest)
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("has format 99")
        .hasMessageContaining("resume the run with the version that wrote it");
  }

  /** Changes a manifest on purpose, so that its hash fits. */
  private static void rewrite(Path checkpoint, Consumer<ObjectNode> change) throws IOException {
    Path file = checkpoint.resolve("checkpoint.json");
    ObjectMapper mapper = new ObjectMapper();
    ObjectNode json = (ObjectNode) mapper.readTree(file.toFile());
    change.accept(json);
    mapper.writeValue(file.toFile(), json);
    Files.writeString(
        checkpoint.resolve("checkpoint.sha256"),
        Hashing.sha256().hashBytes(Files.readAllBytes(file)) + "  checkpoint.json\n");
  }

  @Test
  void aBrokenCheckpointNeverCrowdsOutTheOnesWrittenAfterFallingBack() throws IOException {
    CheckpointStore store = new CheckpointStore(folder, 1);
    Checkpoint broken = store.write(manifest(5), trainer);
    Files.delete(broken.optimizerFile());
    store.write(manifest(1), trainer);
    assertThat(names()).containsExactly("step-00000001");
    assertThat(store.newest().orElseThrow().manifest().step()).isEqualTo(1);
  }

  @Test
  void anInterruptedWriteIsPassedOverAndCleanedAway() throws IOException {
    new CheckpointStore(folder, 2).write(manifest(1), trainer);
    Path partial = Files.createDirectory(folder.resolve("step-00000002.partial"));
    Files.writeString(partial.resolve("policy.safetensors.partial"), "half");
    CheckpointStore reopened = new CheckpointStore(folder, 2);
    assertThat(reopened.newest().orElseThrow().manifest().step()).isEqualTo(1);
    assertThat(names()).containsExactly("step-00000001");
  }

  @Test
  void aWriteThatFailsLeavesEarlierCheckpointsAndNothingElse() throws IOException {
    CheckpointStore store = new CheckpointStore(folder, 2);
    store.write(manifest(1), trainer);
    PolicyTrainer unreadable = load(directory.resolve("model.safetensors"));
    unreadable.close();
    assertThatThrownBy(() -> store.write(manifest(2), unreadable)).isInstanceOf(Exception.class);
    assertThat(names()).containsExactly("step-00000001");
    assertThat(store.newest().orElseThrow().manifest()).isEqualTo(step(1));
  }

  @Test
  void writingAStepAgainReplacesIt() throws IOException {
    CheckpointStore store = new CheckpointStore(folder, 2);
    store.write(manifest(1), trainer);
    learn(trainer);
    store.write(manifest(1), trainer);
    try (SafetensorsFile policy = SafetensorsFile.open(store.newest().orElseThrow().policyFile())) {
      assertThat(PolicyDigest.of(policy)).isEqualTo(digest(trainer));
    }
  }

  private List<String> names() throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }

  private CheckpointManifest step(long step) throws IOException {
    CheckpointManifest manifest = manifest(step);
    return manifest.withFiles(
        new CheckpointStore(folder, 2).newest().orElseThrow().manifest().files());
  }

  private CheckpointManifest manifest(long step) {
    return manifest(step, Map.of(0, 12L, 3, Long.MAX_VALUE));
  }

  private CheckpointManifest manifest(long step, Map<Integer, Long> resumeOffsets) {
    return new CheckpointManifest(
        CheckpointManifest.FORMAT,
        "run",
        new PolicyVersion(step, new PolicyDigest("ab".repeat(32))),
        trainer.optimizerSteps(),
        "cd".repeat(32),
        Long.MIN_VALUE,
        32,
        Map.of("objective.lambda", "Infinity"),
        resumeOffsets,
        Map.of(0, 15L, 3, 7L),
        List.of(
            new PolicyVersion(0, new PolicyDigest("00".repeat(32))),
            new PolicyVersion(step, new PolicyDigest("ab".repeat(32)))),
        1.0 / 3,
        0.1,
        new RunCounts(new RunCounts.Groups(1, 2, 3, 4, 5, 0, 8), 6, 7),
        Map.of("p-1", 120L, "a \"quoted\" one", 1L),
        Map.of());
  }

  private PolicyTrainer load(Path file) {
    try (SafetensorsFile open = SafetensorsFile.open(file)) {
      return new PolicyTrainer(Decoder.load(manager, TinyPolicy.Preset.SLIM.config(), open));
    }
  }

  private PolicyDigest digest(PolicyTrainer of) throws IOException {
    Path file = directory.resolve("digest.safetensors");
    of.decoder().save(file, ElementType.F32);
    try (SafetensorsFile weights = SafetensorsFile.open(file)) {
      return PolicyDigest.of(weights);
    }
  }

  private static void learn(PolicyTrainer trainer) {
    MicroBatch batch =
        MicroBatch.of(List.of(new MicroBatch.Sequence(new int[] {1, 2}, new int[] {3, 4, 5})));
    trainer.zeroGradients();
    trainer.accumulate(List.of(batch), List.of(new float[] {-1, 0.5f, -0.25f}), 1);
    trainer.optimize(new PolicyTrainer.AdamW(1e-2, 0.9, 0.999, 1e-8, 0.01, 1));
  }
}
