package dev.drpo.testkit;

import dev.drpo.policy.checkpoint.ModelConfig;
import dev.drpo.policy.checkpoint.PolicyDigest;
import dev.drpo.policy.checkpoint.PolicyFolder;
import dev.drpo.policy.checkpoint.PolicyInitializer;
import dev.drpo.policy.checkpoint.PolicyVersion;
import dev.drpo.policy.safetensors.ElementType;
import dev.drpo.policy.safetensors.SafetensorsFile;
import dev.drpo.policy.safetensors.SafetensorsWriter;
import dev.drpo.policy.safetensors.TensorInfo;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Random policies over a few words, {@code w1} and on beside token 0, which ends a response.
 * Without a preset they are {@link Preset#ROOMY}.
 */
public final class TinyPolicy {
  public static final int END = 0;
  public static final int CONTEXT = 512;

  /** The architecture of {@link Preset#ROOMY}. */
  public static final ModelConfig CONFIG =
      new ModelConfig(16, 32, 48, 2, 4, 2, CONTEXT, 10_000, 1e-6, true);

  /** What a policy and the files beside its weights are like. */
  public enum Preset {
    /** Sixteen words and a context of 512 tokens; a word that is not known is read as the end. */
    ROOMY(CONFIG, "{\"eos_token_id\": 0}", "<end>"),
    /**
     * Sixteen words, a context of 64 tokens and a suggested budget of 24; a text with another word
     * can't be spelled.
     */
    NARROW(
        new ModelConfig(16, 32, 48, 2, 4, 2, 64, 10_000, 1e-6, true),
        "{\"eos_token_id\": 0, \"max_new_tokens\": 24}",
        "<unknown>"),
    /** As roomy, with heads that fill vectors. */
    VECTORS(
        new ModelConfig(16, 32, 48, 2, 4, 2, CONTEXT, 10_000, 1e-6, true, 32, true),
        "{\"eos_token_id\": 0}",
        "<end>"),
    /** Twenty words and half the width, which is quick to train. */
    SLIM(
        new ModelConfig(20, 16, 24, 2, 2, 1, 128, 10_000, 1e-6, true),
        "{\"eos_token_id\": 0}",
        "<end>");

    @SuppressWarnings("ImmutableEnumChecker") // A record of numbers.
    private final ModelConfig config;

    private final String generation;
    private final String unknownWord;

    Preset(ModelConfig config, String generation, String unknownWord) {
      this.config = config;
      this.generation = generation;
      this.unknownWord = unknownWord;
    }

    /** The architecture. */
    public ModelConfig config() {
      return config;
    }
  }

  private TinyPolicy() {}

  /** Writes a roomy policy folder; another seed gives other weights. */
  public static PolicyFolder write(Path folder, long seed) throws IOException {
    return write(folder, seed, Preset.ROOMY);
  }

  /** Writes a policy folder; another seed gives other weights. */
  public static PolicyFolder write(Path folder, long seed, Preset preset) throws IOException {
    Files.createDirectories(folder);
    ModelConfig config = preset.config;
    weights(folder.resolve("model.safetensors"), seed, preset);
    Files.writeString(
        folder.resolve("config.json"),
        """
        {"architectures": ["Qwen2ForCausalLM"], "vocab_size": %d, "hidden_size": %d,
         "intermediate_size": %d, "num_hidden_layers": %d, "num_attention_heads": %d,
         "num_key_value_heads": %d, "max_position_embeddings": %d, "rope_theta": 10000.0,
         "rms_norm_eps": 1e-6, "tie_word_embeddings": true}
        """
            .formatted(
                config.vocabularySize(),
                config.hiddenSize(),
                config.intermediateSize(),
                config.layers(),
                config.heads(),
                config.keyValueHeads(),
                config.contextLength()));
    Files.writeString(folder.resolve("generation_config.json"), preset.generation);
    Files.writeString(
        folder.resolve("tokenizer_config.json"),
        """
        {"chat_template": "{% for m in messages %}{% if m.role == 'system' %}w9 {% else %}w1 {% endif %}{{ m.content }} {% endfor %}w2"}
        """);
    Files.writeString(folder.resolve("tokenizer.json"), tokenizer(preset));
    return new PolicyFolder(folder);
  }

  /** Writes weights alone. */
  public static Path weights(Path file, long seed) throws IOException {
    return weights(file, seed, Preset.ROOMY);
  }

  /** Writes weights alone; another seed gives others. */
  public static Path weights(Path file, long seed, Preset preset) throws IOException {
    PolicyInitializer.write(file, preset.config, 0.3, seed);
    return file;
  }

  /** Writes weights alone, in bf16. */
  public static Path bfloat16(Path file, long seed) throws IOException {
    Path wide = file.resolveSibling(file.getFileName() + ".wide");
    PolicyInitializer.write(wide, CONFIG, 0.3, seed);
    try (SafetensorsFile weights = SafetensorsFile.open(wide)) {
      List<TensorInfo> tensors =
          weights.tensors().stream()
              .map(info -> new TensorInfo(info.name(), ElementType.BF16, info.shape()))
              .toList();
      SafetensorsWriter.write(file, tensors, info -> upperHalves(weights.data(info.name())));
    }
    Files.delete(wide);
    return file;
  }

  /** The upper half of an fp32 number is a bf16 one. */
  private static ByteBuffer upperHalves(MemorySegment floats) {
    ByteBuffer halves =
        ByteBuffer.allocate((int) floats.byteSize() / 2).order(ByteOrder.LITTLE_ENDIAN);
    while (halves.hasRemaining()) {
      halves.putShort(floats.get(ValueLayout.JAVA_SHORT_UNALIGNED, 2L * halves.position() + 2));
    }
    return halves.flip();
  }

  /** Writes bf16 weights of which one in ten is another than in a file. */
  public static Path moved(Path base, Path file, long seed) throws IOException {
    Files.copy(base, file);
    Random random = new Random(seed);
    try (SafetensorsFile weights = SafetensorsFile.openWritable(file)) {
      for (TensorInfo info : weights.tensors()) {
        MemorySegment data = weights.data(info.name());
        for (long at = 0; at < data.byteSize(); at += 2) {
          if (random.nextInt(10) == 0) {
            short bits = data.get(ValueLayout.JAVA_SHORT_UNALIGNED, at);
            data.set(ValueLayout.JAVA_SHORT_UNALIGNED, at, (short) (bits ^ 1));
          }
        }
      }
    }
    return file;
  }

  /** The version that a file holds. */
  public static PolicyVersion version(long step, Path file) {
    try (SafetensorsFile weights = SafetensorsFile.open(file)) {
      return new PolicyVersion(step, PolicyDigest.of(weights));
    }
  }

  private static String tokenizer(Preset preset) {
    String words =
        IntStream.range(1, preset.config.vocabularySize())
            .mapToObj(id -> "\"w%d\": %d".formatted(id, id))
            .collect(Collectors.joining(", "));
    return """
    {"version": "1.0", "truncation": null, "padding": null,
     "added_tokens": [{"id": 0, "content": "<end>", "single_word": false, "lstrip": false,
                       "rstrip": false, "normalized": false, "special": true}],
     "normalizer": null, "pre_tokenizer": {"type": "WhitespaceSplit"}, "post_processor": null,
     "decoder": null,
     "model": {"type": "WordLevel", "vocab": {"<end>": 0, %s}, "unk_token": "%s"}}
    """
        .formatted(words, preset.unknownWord);
  }
}
