package dev.drpo.policy.decoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drpo.policy.Architectures;
import dev.drpo.policy.EngineScope;
import dev.drpo.policy.RandomWeights;
import dev.drpo.policy.checkpoint.ModelConfig;
import dev.drpo.policy.safetensors.ElementType;
import dev.drpo.policy.safetensors.SafetensorsFile;
import dev.drpo.policy.safetensors.SafetensorsWriter.Durability;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class WeightCopyTest {
  private static final ModelConfig CONFIG = Architectures.UNTIED_FOUR_TO_TWO;

  @RegisterExtension final EngineScope engine = new EngineScope();
  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(ElementType.class)
  void aCopyIsWrittenAsTheWeightsThemselvesWouldHaveBeen(ElementType type) throws IOException {
    Path expected = folder.resolve("expected");
    Path written = folder.resolve("written");
    try (Decoder decoder = engine.decoder(CONFIG, weights(61));
        WeightCopy copy = new WeightCopy(decoder, type)) {
      decoder.save(expected, type);
      decoder.copyTo(copy);
      copy.save(written, Durability.PROCESS);
    }

    assertThat(written).hasSameBinaryContentAs(expected);
  }

  /** Pieces of 7 elements cut every matrix, and leave a rest. */
  @ParameterizedTest
  @EnumSource(ElementType.class)
  void aCopyIsTheSameHoweverItIsCut(ElementType type) throws IOException {
    Path expected = folder.resolve("expected");
    Path written = folder.resolve("written");
    try (SafetensorsFile file = SafetensorsFile.open(weights(61));
        Decoder cut = Decoder.load(engine.manager(), CONFIG, file, ElementType.F32, 7);
        WeightCopy copy = new WeightCopy(cut, type)) {
      cut.save(expected, type);
      cut.copyTo(copy);
      copy.save(written, Durability.PROCESS);
    }

    assertThat(written).hasSameBinaryContentAs(expected);
  }

  @ParameterizedTest
  @EnumSource(ElementType.class)
  void weightsThatChangeLeaveTheCopyAsItWasUntilTheyAreCopiedAgain(ElementType type)
      throws Exception {
    Path first = folder.resolve("first");
    Path second = folder.resolve("second");
    Path written = folder.resolve("written");
    try (Decoder decoder = engine.decoder(CONFIG, weights(61));
        WeightCopy copy = new WeightCopy(decoder, type);
        SafetensorsFile other = SafetensorsFile.open(weights(62));
        ExecutorService thread = Executors.newSingleThreadExecutor()) {
      decoder.save(first, type);
      decoder.copyTo(copy);
      decoder.replaceWeights(other);
      decoder.save(second, type);
      save(copy, written, thread);
      assertThat(written).hasSameBinaryContentAs(first);

      decoder.copyTo(copy);
      save(copy, written, thread);
      assertThat(written).hasSameBinaryContentAs(second);
    }
    assertThat(Files.mismatch(first, second)).isNotNegative();
  }

  @Test
  void aCopyOfAnotherArchitectureIsRefused() throws IOException {
    Path other = RandomWeights.of(Architectures.TIED_ONE_TO_ONE, 5).write(folder.resolve("tied"));
    try (Decoder decoder = engine.decoder(CONFIG, weights(61));
        Decoder tied = engine.decoder(Architectures.TIED_ONE_TO_ONE, other);
        WeightCopy copy = new WeightCopy(tied, ElementType.BF16)) {
      assertThatThrownBy(() -> decoder.copyTo(copy)).isInstanceOf(IllegalArgumentException.class);
    }
  }

  /** On a thread that the tensor engine does not know. */
  private static void save(WeightCopy copy, Path file, ExecutorService thread) throws Exception {
    thread
        .submit(
            () -> {
              copy.save(file, Durability.PROCESS);
              return file;
            })
        .get();
  }

  private Path weights(long seed) throws IOException {
    return RandomWeights.of(CONFIG, seed).write(folder.resolve("weights-" + seed));
  }
}
