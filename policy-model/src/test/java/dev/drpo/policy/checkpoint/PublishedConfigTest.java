package dev.drpo.policy.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.drpo.policy.CheckpointFolder;
import dev.drpo.policy.EngineScope;
import dev.drpo.policy.PublishedModel;
import dev.drpo.policy.RandomWeights;
import dev.drpo.policy.safetensors.ElementType;
import dev.drpo.policy.sampler.KvCacheSize;
import dev.drpo.policy.trainer.PolicyScorer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The configurations of the published checkpoints that this is for. */
class PublishedConfigTest {
  @RegisterExtension final EngineScope engine = new EngineScope();
  @TempDir Path folder;

  /** Parameters as the model cards give them, and the bytes of one token's keys and values. */
  @ParameterizedTest
  @CsvSource({
    "qwen2.5-1.5b-instruct, 1543714304, true, 57344, 32768, 1000000",
    "qwen2.5-7b-instruct, 7615616512, false, 114688, 32768, 1000000",
    "deepseek-r1-distill-qwen-1.5b, 1777088000, false, 57344, 131072, 10000",
    "deepseek-r1-distill-qwen-7b, 7615616512, false, 114688, 131072, 10000"
  })
  void parametersAndMemoryAreThoseOfTheModel(
      String model,
      long parameters,
      boolean tied,
      long cacheBytesPerToken,
      int contextLength,
      double ropeTheta)
      throws IOException {
    Files.writeString(folder.resolve("config.json"), PublishedModel.text(model, "config.json"));
    ModelConfig config = ModelConfig.read(folder);
    PolicyLayout layout = PolicyLayout.of(config);

    assertThat(layout.parameters()).isEqualTo(parameters);
    assertThat(layout.bytes(ElementType.BF16)).isEqualTo(2 * parameters);
    assertThat(layout.bytes(ElementType.F32)).isEqualTo(4 * parameters);
    assertThat(new KvCacheSize(1, KvCacheSize.BLOCK, 0, 0).bytes(config, ElementType.F32))
        .isEqualTo(KvCacheSize.BLOCK * cacheBytesPerToken);
    assertThat(new KvCacheSize(64, config.contextLength(), 0, 0).bytes(config, ElementType.F32))
        .isEqualTo(64L * contextLength * cacheBytesPerToken);
    assertThat(config.tiedEmbeddings()).isEqualTo(tied);
    assertThat(config.contextLength()).isEqualTo(contextLength);
    assertThat(config.ropeTheta()).isEqualTo(ropeTheta);
    assertThat(config.headSize()).isEqualTo(128);
    assertThat(config.attentionBias()).isTrue();
  }

  /** Every key but the sizes as published. */
  @ParameterizedTest
  @ValueSource(strings = {"qwen2.5-1.5b-instruct", "deepseek-r1-distill-qwen-7b"})
  void aSmallModelOfTheSameConfigurationLoadsAndComputes(String model) throws IOException {
    CheckpointFolder checkpoint = CheckpointFolder.writeTo(folder);
    ObjectNode config = (ObjectNode) PublishedModel.json(model, "config.json");
    config.put("hidden_size", 32).put("intermediate_size", 48).put("vocab_size", 37);
    config.put("num_hidden_layers", 2).put("num_attention_heads", 4).put("num_key_value_heads", 2);
    config.put("max_position_embeddings", 64).put("eos_token_id", 5);
    checkpoint.write("config.json", config.toString());
    PolicyFolder policy = new PolicyFolder(folder);
    RandomWeights.of(policy.config(), 4).write(policy.weightsFile());
    policy.requireLoadable();
    int[] ids = {3, 1, 4, 1, 5, 9, 2, 6};

    try (PolicyScorer scorer = new PolicyScorer(engine.decoder(policy), ElementType.F32)) {
      assertThat(engine.oracle(policy.config(), policy.weightsFile()).errorOf(scorer, ids))
          .isLessThan(1e-4);
    }
  }

  @Test
  void whatTheCheckpointSuggestsForSamplingIsReported() throws IOException {
    String model = "deepseek-r1-distill-qwen-1.5b";
    Files.writeString(folder.resolve("config.json"), PublishedModel.text(model, "config.json"));
    Files.writeString(
        folder.resolve("generation_config.json"),
        PublishedModel.text(model, "generation_config.json"));
    GenerationConfig generation = new PolicyFolder(folder).generation();

    assertThat(generation.endOfSequence()).containsExactly(151_643);
    assertThat(generation.suggestionsText())
        .isEqualTo("do_sample true, temperature 0.6, top_p 0.95");
  }

  @Test
  void qwenEndsWithEitherOfTwoTokens() throws IOException {
    String model = "qwen2.5-7b-instruct";
    Files.writeString(folder.resolve("config.json"), PublishedModel.text(model, "config.json"));
    Files.writeString(
        folder.resolve("generation_config.json"),
        PublishedModel.text(model, "generation_config.json"));

    assertThat(new PolicyFolder(folder).generation().endOfSequence())
        .containsExactlyInAnyOrder(151_645, 151_643);
  }
}
