package dev.drpo.cli.task;

import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.drpo.policy.checkpoint.ModelConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The files of the quickstart policy's Hugging Face folder other than the weights: a Qwen2 model of
 * 1.08 million parameters with a word-level tokenizer.
 */
final class PolicyFiles {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final ObjectWriter WRITER = writer();

  /** The policy's architecture. */
  static final ModelConfig ARCHITECTURE =
      new ModelConfig(Vocabulary.TOKENS.size(), 160, 432, 4, 5, 1, 512, 10_000, 1e-6, true);

  private PolicyFiles() {}

  /**
   * Writes {@code config.json}, {@code generation_config.json}, {@code tokenizer.json} and {@code
   * tokenizer_config.json}, and creates the folder where it is missing.
   */
  static void write(Path folder) throws IOException {
    Files.createDirectories(folder);
    write(folder.resolve("config.json"), config());
    write(folder.resolve("generation_config.json"), generationConfig());
    write(folder.resolve("tokenizer.json"), tokenizer());
    write(folder.resolve("tokenizer_config.json"), tokenizerConfig());
  }

  private static ObjectNode config() {
    ObjectNode json = JSON.objectNode();
    json.putArray("architectures").add("Qwen2ForCausalLM");
    return json.put("model_type", "qwen2")
        .put("vocab_size", ARCHITECTURE.vocabularySize())
        .put("hidden_size", ARCHITECTURE.hiddenSize())
        .put("intermediate_size", ARCHITECTURE.intermediateSize())
        .put("num_hidden_layers", ARCHITECTURE.layers())
        .put("num_attention_heads", ARCHITECTURE.heads())
        .put("num_key_value_heads", ARCHITECTURE.keyValueHeads())
        .put("head_dim", ARCHITECTURE.headSize())
        .put("max_position_embeddings", ARCHITECTURE.contextLength())
        .put("rope_theta", ARCHITECTURE.ropeTheta())
        .put("rms_norm_eps", ARCHITECTURE.rmsEpsilon())
        .put("tie_word_embeddings", ARCHITECTURE.tiedEmbeddings())
        .put("hidden_act", "silu")
        .put("attention_dropout", 0.0)
        .put("initializer_range", 0.06)
        .put("use_cache", true)
        .put("use_sliding_window", false)
        .put("torch_dtype", "float32")
        .putNull("bos_token_id")
        .put("eos_token_id", Vocabulary.id(Vocabulary.END_OF_SEQUENCE))
        .put("pad_token_id", Vocabulary.id(Vocabulary.PADDING));
  }

  private static ObjectNode generationConfig() {
    return JSON.objectNode()
        .put("do_sample", true)
        .put("temperature", 1.0)
        .put("top_p", 1.0)
        .put("max_new_tokens", 256)
        .put("eos_token_id", Vocabulary.id(Vocabulary.END_OF_SEQUENCE))
        .put("pad_token_id", Vocabulary.id(Vocabulary.PADDING));
  }

  private static ObjectNode tokenizer() {
    ObjectNode tokenizer = JSON.objectNode().put("version", "1.0");
    tokenizer.putNull("truncation").putNull("padding");
    tokenizer
        .putArray("added_tokens")
        .add(specialToken(Vocabulary.PADDING))
        .add(specialToken(Vocabulary.END_OF_SEQUENCE));
    tokenizer.putNull("normalizer");
    tokenizer.putObject("pre_tokenizer").put("type", "WhitespaceSplit");
    // Without a decoder, decoding joins the words with single spaces.
    tokenizer.putNull("post_processor").putNull("decoder");
    ObjectNode model = tokenizer.putObject("model").put("type", "WordLevel");
    ObjectNode vocabulary = model.putObject("vocab");
    Vocabulary.TOKENS.forEach(token -> vocabulary.put(token, Vocabulary.id(token)));
    // Not in the vocabulary on purpose: a word that the policy doesn't know is an error.
    model.put("unk_token", "<unk>");
    return tokenizer;
  }

  private static ObjectNode specialToken(String token) {
    return JSON.objectNode()
        .put("id", Vocabulary.id(token))
        .put("content", token)
        .put("single_word", false)
        .put("lstrip", false)
        .put("rstrip", false)
        .put("normalized", false)
        .put("special", true);
  }

  private static ObjectNode tokenizerConfig() {
    return JSON.objectNode()
        .put("tokenizer_class", "PreTrainedTokenizerFast")
        .put("model_max_length", ARCHITECTURE.contextLength())
        .putNull("bos_token")
        .put("eos_token", Vocabulary.END_OF_SEQUENCE)
        .put("pad_token", Vocabulary.PADDING)
        // Otherwise decoding would glue " ?" to the word before it.
        .put("clean_up_tokenization_spaces", false)
        // A problem is a whole prompt: the template adds nothing.
        .put("chat_template", "{% for message in messages %}{{ message['content'] }}{% endfor %}");
  }

  private static void write(Path file, ObjectNode json) throws IOException {
    Files.writeString(file, WRITER.writeValueAsString(json) + "\n");
  }

  private static ObjectWriter writer() {
    // A fixed line end keeps the files the same on every platform.
    var indenter = new DefaultIndenter("  ", "\n");
    var printer =
        new DefaultPrettyPrinter().withObjectIndenter(indenter).withArrayIndenter(indenter);
    return new ObjectMapper().writer(printer);
  }
}
