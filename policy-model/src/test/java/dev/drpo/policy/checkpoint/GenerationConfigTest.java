package dev.drpo.policy.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drpo.policy.CheckpointFolder;
import dev.drpo.policy.PolicyFormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GenerationConfigTest {
  @TempDir Path folder;
  private CheckpointFolder checkpoint;

  @BeforeEach
  void writeCheckpoint() throws IOException {
    checkpoint = CheckpointFolder.writeTo(folder);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{\"eos_token_id\": null, \"temperature\": 0.5}"})
  void withoutEndOfSequenceOfItsOwnTheModelsHolds(String generation) throws IOException {
    checkpoint.write("generation_config.json", generation);
    giveTheModelAnEnd("[1, 4]");

    assertThat(GenerationConfig.read(folder).endOfSequence()).containsExactlyInAnyOrder(1, 4);
  }

  @Test
  void theFileMayBeAbsent() throws IOException {
    Files.delete(folder.resolve("generation_config.json"));
    giveTheModelAnEnd("3");

    GenerationConfig generation = GenerationConfig.read(folder);

    assertThat(generation.endOfSequence()).containsExactly(3);
    assertThat(generation.suggestionsText()).isEqualTo("none");
  }

  @Test
  void itsOwnEndOfSequenceGoesBeforeTheModels() throws IOException {
    giveTheModelAnEnd("3");

    assertThat(GenerationConfig.read(folder).endOfSequence()).containsExactly(5);
  }

  @Test
  void noEndOfSequenceAnywhereIsRefused() throws IOException {
    checkpoint.write("generation_config.json", "{}");

    assertThatThrownBy(() -> GenerationConfig.read(folder))
        .isInstanceOf(PolicyFormatException.class)
        .hasMessageContainingAll(
            folder.resolve("config.json").toString(), "no eos_token_id", "never ends");
  }

  @ParameterizedTest
  @ValueSource(strings = {"6", "-1", "[5, 6]", "\"<|end|>\"", "1.5", "[[5]]", "{\"a\": 1}"})
  void whatIsNoTokenOfTheVocabularyIsRefusedWithItsValue(String ids) throws IOException {
    Path file = checkpoint.write("generation_config.json", "{\"eos_token_id\": " + ids + "}");

    assertThatThrownBy(() -> GenerationConfig.read(folder))
        .isInstanceOf(PolicyFormatException.class)
        .hasMessageContainingAll(file.toString(), "eos_token_id", "vocab_size 6");
  }

  private void giveTheModelAnEnd(String ids) throws IOException {
    checkpoint.write(
        "config.json",
        CheckpointFolder.CONFIG.replaceFirst("\\{", "{\"eos_token_id\": " + ids + ", "));
  }
}
