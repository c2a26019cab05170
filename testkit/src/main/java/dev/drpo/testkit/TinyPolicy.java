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

/** Random policies over a vocabulary of sixteen words; the word of token 0 ends a response. */
public final class TinyPolicy {
  public static final int END = 0;
  public static final int CONTEXT = 512;
  public static final ModelConfig CONFIG =
      new ModelConfig(16, 32, 48, 2, 4, 2, CONTEXT, 10_000, 1e-6, true);

  private TinyPolicy() {}

  /** Writes a policy folder; another seed gives other weights. */
  public static PolicyFolder write(Path folder, long seed) throws IOException {
    Files.createDirectories(folder);
    weights(folder.resolve("model.safetensors"), seed);
    Files.writeString(
        folder.resolve("config.json"),
        """
        {"architectures": ["Qwen2ForCausalLM"], "vocab_size": 16, "hidden_size": 32,
         "intermediate_size": 48, "num_hidden_layers": 2, "num_attention_heads": 4,
         "num_key_value_heads": 2, "max_position_embeddings": 512, "rope_theta": 10000.0,
         "rms_norm_eps": 1e-6, "tie_word_embeddings": true}
        """);
    Files.writeString(folder.resolve("generation_config.json"), "{\"eos_token_id\": 0}");
    Files.writeString(
        folder.resolve("tokenizer_config.json"),
        """
        {"chat_template": "{% for m in messages %}w1 {{ m.content }}{% endfor %} w2"}
        """);
    Files.writeString(folder.resolve("tokenizer.json"), tokenizer());
    return new PolicyFolder(folder);
  }

  /** Writes weights alone. */
  public static Path weights(Path file, long seed) throws IOException {
    PolicyInitializer.write(file, CONFIG, 0.3, seed);
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

  private static String tokenizer() {
    String words =
        IntStream.range(1, CONFIG.vocabularySize())
            .mapToObj(id -> "\"w%d\": %d".formatted(id, id))
            .collect(Collectors.joining(", "));
    return """
    {"version": "1.0", "truncation": null, "padding": null,
     "added_tokens": [{"id": 0, "content": "<end>", "single_word": false, "lstrip": false,
                       "rstrip": false, "normalized": false, "special": true}],
     "normalizer": null, "pre_tokenizer": {"type": "WhitespaceSplit"}, "post_processor": null,
     "decoder": null,
     "model": {"type": "WordLevel", "vocab": {"<end>": 0, %s}, "unk_token": "<end>"}}
    """
        .formatted(words);
  }
}
