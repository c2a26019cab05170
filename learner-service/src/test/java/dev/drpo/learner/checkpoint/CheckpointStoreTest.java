package dev.drpo.learner.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDManager;
import dev.drpo.learner.TinyPolicy;
import dev.drpo.learner.checkpoint.CheckpointStore.Checkpoint;
import dev.drpo.policy.Decoder;
import dev.drpo.policy.MicroBatch;
import dev.drpo.policy.PolicyDigest;
import dev.drpo.policy.PolicyTrainer;
import dev.drpo.policy.engine.TensorEngine;
import dev.drpo.policy.safetensors.ElementType;
import dev.drpo.policy.safetensors.SafetensorsFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
    trainer = load(TinyPolicy.weights(directory.resolve("model.safetensors"), 1));
  }

  @AfterEach
  void close() {
    manager.close();
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
  void anEmptyStoreHasNoNewest() throws IOException {
    assertThat(new CheckpointStore(folder, 2).newest()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"policy.safetensors", "optimizer.safetensors", "checkpoint.json"})
  void aDamagedFileMakesTheCheckpointBeforeItTheNewest(String name) throws IOException {
    CheckpointStore store = new CheckpointStore(folder, 2);
    store.write(manifest(1), trainer);
    Path file = store.write(manifest(2), trainer).folder().resolve(name);
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 0x40;
    // A manifest is text, in which one changed letter may still be text: it loses its end.
    Files.write(file, name.endsWith(".json") ? Arrays.copyOf(bytes, bytes.length / 2) : bytes);
    assertThat(store.newest().orElseThrow().manifest()).isEqualTo(step(1));
    Files.delete(file);
    assertThat(store.newest().orElseThrow().manifest()).isEqualTo(step(1));
  }

  @Test
  void aManifestThatNamesNoFilesIsBroken() throws IOException {
    CheckpointStore store = new CheckpointStore(folder, 2);
    store.write(manifest(1), trainer);
    Path file = store.write(manifest(2), trainer).folder().resolve("checkpoint.json");
    Files.writeString(
        file, Files.readString(file).replaceAll("(?s)\"files\" : \\{.*?\\}", "\"files\" : {}"));
    assertThat(store.newest().orElseThrow().manifest()).isEqualTo(step(1));
  }

  @Test
  void aBrokenCheckpointNeverCrowdsOutTheOnesWrittenAfterFallingBack() throws IOException {
    CheckpointStore store = new CheckpointStore(folder, 1);
    Checkpoint broken = store.write(manifest(5), trainer);
    Files.delete(broken.optimizerFile());
    assertThat(store.newest()).isEmpty();
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
    return new CheckpointManifest(
        "run",
        step,
        "ab".repeat(32),
        trainer.optimizerSteps(),
        "cd".repeat(32),
        Long.MIN_VALUE,
        32,
        Map.of(0, 12L, 3, Long.MAX_VALUE),
        Map.of(0, 15L, 3, 7L),
        Map.of(0L, "00".repeat(32), step, "ab".repeat(32)),
        1.0 / 3,
        0.1,
        new CheckpointManifest.Counters(1, 2, 3, 4, 5, 6, 7),
        Map.of("p-1", 120L, "a \"quoted\" one", 1L),
        Map.of());
  }

  private PolicyTrainer load(Path file) {
    try (SafetensorsFile open = SafetensorsFile.open(file)) {
      return new PolicyTrainer(Decoder.load(manager, TinyPolicy.CONFIG, open));
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
