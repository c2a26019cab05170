package dev.drpo.policy.decoder;

import ai.djl.ndarray.NDManager;
import dev.drpo.policy.checkpoint.ModelConfig;
import dev.drpo.policy.engine.ScriptModule;
import dev.drpo.policy.engine.TorchScriptArchive;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;

/** The TorchScript module of a decoder, made from the sources that lie beside this class. */
final class DecoderScript {
  /** Sources of the module's methods, one file a subject. */
  private static final List<String> METHODS =
      List.of("decoder", "learning", "optimizer", "generation");

  /** Sources of the free functions that the methods call. */
  private static final List<String> FUNCTIONS =
      List.of(
          "rotary",
          "decoding",
          "attention",
          // Every build of the library for x86-64 brings oneDNN; others may not.
          System.getProperty("os.arch").equals("amd64") ? "products_onednn" : "products",
          "stream_attention",
          "gradients",
          "head",
          "sampling");

  private DecoderScript() {}

  /** Loads a module for an architecture, which holds no weights yet. */
  static ScriptModule load(NDManager manager, ModelConfig config) {
    return ScriptModule.load(manager, archive(config));
  }

  private static byte[] archive(ModelConfig config) {
    return new TorchScriptArchive("Qwen2")
        .integer("nl", config.layers())
        .integer("nh", config.heads())
        .integer("nkv", config.keyValueHeads())
        .integer("hd", config.headSize())
        .integer("per", config.attentionBias() ? 7 : 6)
        .integer("head", config.tiedEmbeddings() ? 0 : 2)
        .integer("first", config.tiedEmbeddings() ? 2 : 3)
        .real("eps", config.rmsEpsilon())
        .real("theta", config.ropeTheta())
        .tensors("w")
        .tensors("c")
        .tensors("g")
        .tensors("pk")
        .tensors("pv")
        .tensors("kc")
        .tensors("vc")
        .tensors("ends")
        .tensors("table")
        .build(sources(METHODS), sources(FUNCTIONS));
  }

  private static String sources(List<String> names) {
    return names.stream().map(DecoderScript::source).collect(Collectors.joining("\n"));
  }

  private static String source(String name) {
    try (InputStream in = DecoderScript.class.getResourceAsStream(name + ".torchscript")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
