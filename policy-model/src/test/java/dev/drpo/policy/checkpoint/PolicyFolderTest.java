package dev.drpo.policy.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drpo.policy.CheckpointFolder;
import dev.drpo.policy.PolicyFormatException;
import dev.drpo.policy.safetensors.Safetensors;
import dev.drpo.policy.safetensors.TensorInfo;
import dev.drpo.policy.text.PolicyTokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PolicyFolderTest {
  @TempDir Path folder;

  @Test
  void aWholeFolderOpens() throws IOException {
    PolicyFolder policy = new PolicyFolder(CheckpointFolder.writeTo(folder).path());
    PolicyInitializer.write(policy.weightsFile(), policy.config(), 0.1, 1);

    assertThat(policy.config()).isEqualTo(CheckpointFolder.ARCHITECTURE);
    try (Safetensors weights = policy.openWeights();
        PolicyTokenizer tokenizer = PolicyTokenizer.load(policy.path())) {
      assertThat(weights.tensors())
          .hasSize(
              PolicyLayout.of(policy.config()).weights().stream()
                  .mapToInt(weight -> weight.parts().size())
                  .sum());
      assertThat(weights.tensors().stream().mapToLong(TensorInfo::elements).sum())
          .isEqualTo(PolicyLayout.of(policy.config()).parameters());
      assertThat(tokenizer.endOfSequence()).containsExactly(5);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"tokenizer.json", "tokenizer_config.json", "config.json"})
  void aMissingTokenizerFileIsRefusedByName(String name) throws IOException {
    PolicyFolder policy = new PolicyFolder(CheckpointFolder.writeTo(folder).path());
    Files.delete(folder.resolve(name));

    assertThatThrownBy(() -> PolicyTokenizer.load(policy.path()))
        .isInstanceOf(PolicyFormatException.class)
        .hasMessageContainingAll(folder.resolve(name).toString(), "does not exist");
  }

  @Test
  void missingWeightsAreRefusedByName() throws IOException {
    PolicyFolder policy = new PolicyFolder(CheckpointFolder.writeTo(folder).path());

    assertThatThrownBy(policy::openWeights)
        .isInstanceOf(PolicyFormatException.class)
        .hasMessageContainingAll(
            folder.resolve("model.safetensors").toString(), "does not exist", "weights");
  }

  @Test
  void weightsThatOnlyPythonCanReadAreRefusedWithTheRemedy() throws IOException {
    PolicyFolder policy = new PolicyFolder(CheckpointFolder.writeTo(folder).path());
    Files.createFile(folder.resolve("pytorch_model.bin"));

    assertThatThrownBy(policy::openWeights)
        .isInstanceOf(PolicyFormatException.class)
        .hasMessageContaining("convert pytorch_model.bin to safetensors");
  }
}
