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
import java.util.List;

/**
 * The files of a small policy's Hugging Face folder other than the weights: a Qwen2 model with a
 * word-level tokenizer.
 */
public final class PolicyFiles {
  /** The first word of every vocabulary. */
  public static final String PADDING = "<pad>";

  /** The second word of every vocabulary. */
  public static final String END_OF_SEQUENCE = "<eos>";

  private static final int PADDING_ID = 0;
  private static final int END_OF_SEQUENCE_ID = 1;
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final ObjectWriter WRITER = writer();

  /** The quickstart policy's architecture, of 1.08 million parameters. */
  static final ModelConfig ARCHITECTURE =
      new ModelConfig(Vocabulary.TOKENS.size(), 160, 432, 4, 5, 1, 512, 10_000, 1e-6, true);

  private PolicyFiles() {}

  /** Writes the quickstart policy's. */
  static void write(Path folder) throws IOException {
    write(folder, ARCHITECTURE, Vocabulary.TOKENS, 256);
  }

  /**
   * Writes {@code config.json}, {@code generation_config.json}, {@code tokenizer.json} and {@code
   * tokenizer_config.json}, and creates the folder where it is missing.
   *
   * @param words a token's id is its place; the first two are {@link #PADDING} and {@link
   *     #END_OF_SEQUENCE}
   * @param budget of a response in tokens, the end of sequence included
   */
  public static void write(Path folder, ModelConfig architecture, List<String> words, int budget)
      throws IOException {
    if (!words.subList(0, 2).equals(List.of(PADDING, END_OF_SEQUENCE))) {
      throw new IllegalArgumentException(
          "a vocabulary begins with %s and %s, not with %s"
              .formatted(PADDING, END_OF_SEQUENCE, words.subList(0, 2)));
    }
    Files.createDirectories(folder);
    write(folder.resolve("config.json"), config(architecture));
    write(folder.resolve("generation_config.json"), generationConfig(budget));
    write(folder.resolve("tokenizer.json"), tokenizer(words));
    write(folder.resolve("tokenizer_config.json"), tokenizerConfig(architecture));
  }

  private static ObjectNode config(ModelConfig architecture) {
    ObjectNode json = JSON.objectNode();
    json.putArray("architectures").add("Qwen2ForCausalLM");
    return json.put("model_type", "qwen2")
        .put("vocab_size", architecture.vocabularySize())
        .put("hidden_size", architecture.hiddenSize())
        .put("intermediate_size", architecture.intermediateSize())
        .put("num_hidden_layers", architecture.layers())
        .put("num_attention_heads", architecture.heads())
        .put("num_key_value_heads", architecture.keyValueHeads())
        .put("head_dim", architecture.headSize())
        .put("max_position_embeddings", architecture.contextLength())
        .put("rope_theta", architecture.ropeTheta())
        .put("rms_norm_eps", architecture.rmsEpsilon())
        .put("tie_word_embeddings", architecture.tiedEmbeddings())
        .put("hidden_act", "silu")
        .put("attention_dropout", 0.0)
        .put("initializer_range", 0.06)
        .put("use_cache", true)
        .put("use_sliding_window", false)
        .put("torch_dtype", "float32")
        .putNull("bos_token_id")
        .put("eos_token_id", END_OF_SEQUENCE_ID)
        .put("pad_token_id", PADDING_ID);
  }

  private static ObjectNode generationConfig(int budget) {
    return JSON.objectNode()
        .put("do_sample", true)
        .put("temperature", 1.0)
        .put("top_p", 1.0)
        .put("max_new_tokens", budget)
        .put("eos_token_id", END_OF_SEQUENCE_ID)
        .put("pad_token_id", PADDING_ID);
  }

  private static ObjectNode tokenizer(List<String> words) {
    ObjectNode tokenizer = JSON.objectNode().put("version", "1.0");
    tokenizer.putNull("truncation").putNull("padding");
    tokenizer
        .putArray("added_tokens")
        .add(specialToken(PADDING, PADDING_ID))
        .add(specialToken(END_OF_SEQUENCE, END_OF_SEQUENCE_ID));
    tokenizer.putNull("normalizer");
    tokenizer.putObject("pre_tokenizer").put("type", "WhitespaceSplit");
    // Without a decoder, decoding joins the words with single spaces.
    tokenizer.putNull("post_processor").putNull("decoder");
    ObjectNode model = tokenizer.putObject("model").put("type", "WordLevel");
    ObjectNode vocabulary = model.putObject("vocab");
    for (String word : words) {
      vocabulary.put(word, vocabulary.size());
    }
    // Not in the vocabulary on purpose: a word that the policy doesn't know is an error.
    model.put("unk_token", "<unk>");
    return tokenizer;
  }

  private static ObjectNode specialToken(String token, int id) {
    return JSON.objectNode()
        .put("id", id)
        .put("content", token)
        .put("single_word", false)
        .put("lstrip", false)
        .put("rstrip", false)
        .put("normalized", false)
        .put("special", true);
  }

  private static ObjectNode tokenizerConfig(ModelConfig architecture) {
    return JSON.objectNode()
        .put("tokenizer_class", "PreTrainedTokenizerFast")
        .put("model_max_length", architecture.contextLength())
        .putNull("bos_token")
        .put("eos_token", END_OF_SEQUENCE)
        .put("pad_token", PADDING)
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
