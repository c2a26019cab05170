package dev.drpo.rollout.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drpo.policy.checkpoint.PolicyVersion;
import dev.drpo.policy.patch.PatchEncoder;
import dev.drpo.policy.patch.PatchFile;
import dev.drpo.policy.safetensors.SafetensorsFile;
import dev.drpo.testkit.TinyPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WeightsAtHandTest {
  @TempDir private Path folder;
  private Path first;
  private Path second;
  private Path third;
  private WeightsAtHand atHand;

  @BeforeEach
  void open() throws IOException {
    first = TinyPolicy.bfloat16(folder.resolve("first"), 1);
    second = TinyPolicy.moved(first, folder.resolve("second"), 2);
    third = TinyPolicy.moved(second, folder.resolve("third"), 3);
    Path own = Files.createDirectory(folder.resolve("own"));
    atHand = new WeightsAtHand(own, first, TinyPolicy.version(0, first));
  }

  @AfterEach
  void close() {
    atHand.close();
  }

  @Test
  void aFileThatNobodyReadsIsPatchedInPlace() throws Exception {
    patch(first, second, 1);
    Path file = atHand.file().path();
    patch(second, third, 2);
    assertThat(atHand.file().path()).isEqualTo(file);
    assertThat(atHand.version()).isEqualTo(TinyPolicy.version(2, third));
    assertThat(TinyPolicy.version(2, file)).isEqualTo(atHand.version());
  }

  @Test
  void aFileThatIsStillReadIsLeftAloneAndDeletedAfterwards() throws Exception {
    patch(first, second, 1);
    Path lent = atHand.file().path();
    byte[] bytes = Files.readAllBytes(lent);
    CompletableFuture<Void> reading = new CompletableFuture<>();
    atHand.lend(reading);
    patch(second, third, 2);
    assertThat(atHand.file().path()).isNotEqualTo(lent);
    assertThat(TinyPolicy.version(2, atHand.file().path())).isEqualTo(TinyPolicy.version(2, third));
    assertThat(Files.readAllBytes(lent)).isEqualTo(bytes);
    reading.completeExceptionally(new IllegalStateException("the engine stopped"));
    assertThat(lent).doesNotExist();
  }

  @Test
  void weightsThatCanNotBePatchedAreDeletedWhenTheyAreRead() throws Exception {
    Path floats = TinyPolicy.weights(folder.resolve("floats"), 1);
    PolicyVersion version = TinyPolicy.version(1, floats);
    atHand.adopt(floats, version);
    CompletableFuture<Void> reading = new CompletableFuture<>();
    atHand.lend(reading);
    assertThat(atHand.isPatchable()).isFalse();
    assertThat(atHand.version()).isEqualTo(version);
    assertThat(floats).exists();
    reading.complete(null);
    assertThat(floats).doesNotExist();
  }

  @Test
  void aFailedPatchLeavesWhatTheEngineHasAsWhatIsAtHand() throws Exception {
    patch(first, second, 1);
    PolicyVersion lent = atHand.version();
    Path file = atHand.file().path();
    atHand.lend(CompletableFuture.completedFuture(null));
    PolicyVersion other = TinyPolicy.version(2, first);
    try (PatchFile patch = encode(second, third)) {
      assertThatThrownBy(() -> atHand.patch(List.of(patch), other))
          .isInstanceOf(SnapshotException.class)
          .hasMessageContaining("could not be made from " + lent);
    }
    assertThat(atHand.version()).isEqualTo(lent);
    assertThat(atHand.isPatchable()).isFalse();
    assertThat(file).doesNotExist();
  }

  private void patch(Path base, Path result, long step) throws Exception {
    try (PatchFile patch = encode(base, result)) {
      atHand.patch(List.of(patch), TinyPolicy.version(step, result));
    }
  }

  private PatchFile encode(Path base, Path result) throws IOException {
    PatchFile patch = PatchFile.create(folder.resolve("patch"));
    try (SafetensorsFile from = SafetensorsFile.open(base);
        SafetensorsFile to = SafetensorsFile.open(result)) {
      assertThat(new PatchEncoder(100_000, Long.MAX_VALUE).encode(from, to, patch::append))
          .isPresent();
    }
    return patch;
  }
}
