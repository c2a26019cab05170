package dev.drpo.policy.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drpo.policy.CheckpointFolder;
import dev.drpo.policy.PolicyFormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelConfigTest {
  @TempDir Path folder;
  private CheckpointFolder checkpoint;

  @BeforeEach
  void writeCheckpoint() throws IOException {
    checkpoint = CheckpointFolder.writeTo(folder);
  }

  @Test
  void everyKeyIsRead() {
    assertThat(ModelConfig.read(folder)).isEqualTo(CheckpointFolder.ARCHITECTURE);
    assertThat(ModelConfig.read(folder).headSize()).isEqualTo(4);
  }

  @Test
  void absentOptionsHaveTheArchitecturesDefaults() throws IOException {
    for (String key :
        List.of(
            "rope_theta",
            "rms_norm_eps",
            "tie_word_embeddings",
            "hidden_act",
            "use_sliding_window",
            "rope_scaling")) {
      replace("\"" + key + "\"", "\"no_" + key + "\"");
    }

    ModelConfig read = ModelConfig.read(folder);

    assertThat(read.ropeTheta()).isEqualTo(10_000);
    assertThat(read.rmsEpsilon()).isEqualTo(1e-6);
    assertThat(read.tiedEmbeddings()).isFalse();
  }

  @Test
  void harmlessOptionsAreAccepted() throws IOException {
    replace(
        "\"rope_scaling\": null",
        """
        "rope_scaling": {"type": "default"}, "model_type": "qwen2", "use_mrope": false,
        "layer_types": ["full_attention"], "attention_dropout": 0.1, "quantization_config": null,
        "torch_dtype": "bfloat16", "use_cache": false, "max_window_layers": 21, "head_dim": null
        """);

    assertThat(ModelConfig.read(folder)).isEqualTo(CheckpointFolder.ARCHITECTURE);
  }

  @Test
  void aHeadSizeOfItsOwnAndTheAbsenceOfBiasesAreRead() throws IOException {
    replace("\"rope_scaling\": null", "\"head_dim\": 6, \"attention_bias\": false");
    replace("\"hidden_size\": 8", "\"hidden_size\": 9");

    ModelConfig read = ModelConfig.read(folder);

    assertThat(read.headSize()).isEqualTo(6);
    assertThat(read.attentionBias()).isFalse();
    assertThat(PolicyLayout.of(read).parts())
        .contains(
            new PolicyLayout.Part("model.layers.0.self_attn.q_proj.weight", List.of(12L, 9L)),
            new PolicyLayout.Part("model.layers.0.self_attn.k_proj.weight", List.of(6L, 9L)),
            new PolicyLayout.Part("model.layers.0.self_attn.o_proj.weight", List.of(9L, 12L)))
        .noneMatch(part -> part.name().endsWith(".bias"));
  }

  @Test
  void rotarySettingsOfNewerReleasesAreRead() throws IOException {
    replace(
        "\"rope_theta\": 1000000.0",
        "\"rope_parameters\": {\"rope_theta\": 500000, \"rope_type\": \"default\"}");

    assertThat(ModelConfig.read(folder).ropeTheta()).isEqualTo(500_000);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"Qwen2ForCausalLM\"|\"LlamaForCausalLM\"|architectures is [\"LlamaForCausalLM\"]|Qwen2ForCausalLM",
        "[\"Qwen2ForCausalLM\"]|[]|architectures is []|Qwen2ForCausalLM",
        "\"architectures\"|\"model_type\": \"qwen3\", \"layers\"|architectures is missing|qwen3",
        "\"vocab_size\"|\"model_type\": \"qwen2_moe\", \"vocab_size\"|model_type is \"qwen2_moe\"|\"qwen2\"",
        "\"use_sliding_window\": false|\"use_sliding_window\": true|use_sliding_window is true|full attention",
        "\"rope_scaling\": null|\"rope_scaling\": {\"type\": \"yarn\", \"factor\": 4.0}|rope_scaling is {\"type\":\"yarn\",\"factor\":4.0}|unscaled",
        "\"rope_scaling\": null|\"rope_scaling\": {\"rope_type\": \"linear\"}|rope_scaling is|unscaled",
        "\"rope_scaling\": null|\"rope_parameters\": {\"rope_type\": \"yarn\"}|rope_parameters is|unscaled",
        "\"rope_scaling\": null|\"layer_types\": [\"full_attention\", \"sliding_attention\"]|layer_types is|full_attention",
        "\"rope_scaling\": null|\"quantization_config\": {\"bits\": 4}|quantization_config is {\"bits\":4}|bf16",
        "\"rope_scaling\": null|\"use_mrope\": true|use_mrope is true|text model",
        "\"rope_scaling\": null|\"mlp_bias\": true|mlp_bias is true|false",
        "\"rope_scaling\": null|\"partial_rotary_factor\": 0.5|partial_rotary_factor is 0.5|whole heads",
        "\"rope_scaling\": null|\"dual_chunk_attention_config\": {}|dual_chunk_attention_config is {}|full attention",
        "\"rope_scaling\": null|\"attention_bias\": \"no\"|attention_bias must be true or false|\"no\"",
        "\"rope_scaling\": null|\"head_dim\": 3|head_dim 3|even",
        "\"silu\"|\"gelu\"|hidden_act is \"gelu\"|silu",
        "\"num_attention_heads\": 2|\"num_attention_heads\": 3|hidden_size 8|num_attention_heads 3",
        "\"num_attention_heads\": 2|\"num_attention_heads\": 8|even head size|num_attention_heads 8",
        "\"num_key_value_heads\": 1|\"num_key_value_heads\": 3|num_key_value_heads 3|divide",
        "\"vocab_size\": 6|\"vocab_size\": 0|vocab_size|0",
        "\"vocab_size\": 6|\"vocab_size\": 4294967298|vocab_size|4294967298",
        "\"vocab_size\": 6|\"vocab_size\": \"six\"|vocab_size|\"six\"",
        "\"rope_theta\": 1000000.0|\"rope_theta\": \"large\"|rope_theta|\"large\"",
        "\"rms_norm_eps\": 1e-05|\"rms_norm_eps\": -1|rms_norm_eps|-1"
      })
  void whatIsNotSupportedIsRefused(String text, String replacement, String subject, String more)
      throws IOException {
    replace(text, replacement);

    assertThatThrownBy(() -> ModelConfig.read(folder))
        .isInstanceOf(PolicyFormatException.class)
        .hasMessageContainingAll("config.json", subject, more);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "vocab_size",
        "hidden_size",
        "intermediate_size",
        "num_hidden_layers",
        "num_attention_heads",
        "num_key_value_heads",
        "max_position_embeddings"
      })
  void aMissingSizeIsRefusedByName(String key) throws IOException {
    replace("\"" + key + "\"", "\"unrelated\"");

    assertThatThrownBy(() -> ModelConfig.read(folder))
        .isInstanceOf(PolicyFormatException.class)
        .hasMessage(
            folder.resolve("config.json")
                + ": "
                + key
                + " must be a positive integer, but it is missing");
  }

  @Test
  void aFileThatIsNotAJsonObjectIsRefused() throws IOException {
    Path file = checkpoint.write("config.json", "{\"vocab_size\": ");
    assertThatThrownBy(() -> ModelConfig.read(folder))
        .isInstanceOf(PolicyFormatException.class)
        .hasMessageContainingAll(file.toString(), "not valid JSON");

    checkpoint.write("config.json", "");
    assertThatThrownBy(() -> ModelConfig.read(folder))
        .isInstanceOf(PolicyFormatException.class)
        .hasMessageContainingAll(file.toString(), "JSON object");
  }

  @Test
  void aMissingFileIsRefusedWithWhatAFolderHolds() {
    Path absent = folder.resolve("absent");

    assertThatThrownBy(() -> ModelConfig.read(absent))
        .isInstanceOf(PolicyFormatException.class)
        .hasMessageContainingAll(
            absent.resolve("config.json").toString(), "does not exist", "model.safetensors");
  }

  private void replace(String text, String replacement) throws IOException {
    Path file = folder.resolve("config.json");
    String config = Files.readString(file);
    assertThat(config).contains(text);
    checkpoint.write("config.json", config.replace(text, replacement));
  }
}
