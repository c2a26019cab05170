package dev.drpo.policy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.drpo.policy.engine.ScriptModule;
import dev.drpo.policy.engine.TorchScriptArchive;
import dev.drpo.policy.safetensors.ElementType;
import dev.drpo.policy.safetensors.SafetensorsFile;
import dev.drpo.policy.safetensors.SafetensorsWriter;
import dev.drpo.policy.safetensors.TensorInfo;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The Qwen2 decoder with its weights: a TorchScript module that computes in fp32. One thread at a
 * time may use it; a {@link PolicySampler} or a {@link PolicyTrainer} is built on it.
 */
public final class Decoder implements AutoCloseable {
  private final ModelConfig config;
  private final PolicyLayout layout;
  private final NDManager manager;
  private final ScriptModule script;
  private final List<NDArray> weights;

  private Decoder(ModelConfig config, NDManager manager, SafetensorsFile file) {
    this.config = config;
    this.layout = PolicyLayout.of(config);
    this.manager = manager;
    layout.requireFits(file, "");
    this.script = ScriptModule.load(manager, archive(config));
    this.weights = read(manager, file);
    script.run("hold", weights);
  }

  /**
   * Loads a decoder.
   *
   * @param parent manager that the decoder's own is made from
   * @param config the architecture
   * @param file the weights; only read during the call
   * @throws PolicyFormatException if a tensor is missing or has another shape than the
   *     architecture's
   */
  public static Decoder load(NDManager parent, ModelConfig config, SafetensorsFile file) {
    NDManager manager = parent.newSubManager();
    try {
      return new Decoder(config, manager, file);
    } catch (RuntimeException e) {
      manager.close();
      throw e;
    }
  }

  /**
   * Overwrites the weights in place. Whatever was computed from the old weights is stale.
   *
   * @throws PolicyFormatException if the file does not fit the architecture; the weights are
   *     unchanged
   */
  public void replaceWeights(SafetensorsFile file) {
    layout.requireFits(file, "");
    try (NDManager step = manager.newSubManager()) {
      script.run("replace", read(step, file));
    }
  }

  /**
   * Writes the weights under their Hugging Face names.
   *
   * @throws IOException if the file can't be written; an older file is intact
   */
  public void save(Path file, ElementType type) throws IOException {
    saveAs(file, type, Map.of("", weights));
  }

  /** Writes lists of tensors that are laid out like the weights, each under a prefix. */
  void saveAs(Path file, ElementType type, Map<String, List<NDArray>> byPrefix) throws IOException {
    List<TensorInfo> tensors = new ArrayList<>();
    Map<String, NDArray> fused = new HashMap<>();
    Map<String, Long> offsets = new HashMap<>();
    byPrefix.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(
            entry -> {
              for (int i = 0; i < layout.weights().size(); i++) {
                long offset = 0;
                for (PolicyLayout.Part part : layout.weights().get(i).parts()) {
                  TensorInfo info =
                      new TensorInfo(entry.getKey() + part.name(), type, part.shape());
                  tensors.add(info);
                  fused.put(info.name(), entry.getValue().get(i));
                  offsets.put(info.name(), offset);
                  offset += info.bytes();
                }
              }
            });
    SafetensorsWriter.write(
        file, tensors, info -> bytes(fused.get(info.name()), info, offsets.get(info.name())));
  }

  private ByteBuffer bytes(NDArray fused, TensorInfo part, long offset) {
    try (NDManager step = manager.newSubManager()) {
      NDArray plain =
          part.type() == ElementType.F32
              ? fused
              : script.tensor(step, "to_bits", fused, (long) part.type().torchCode());
      return plain.toByteBuffer().slice((int) offset, (int) part.bytes());
    }
  }

  /**
   * Reads tensors that {@link #saveAs} wrote under a prefix.
   *
   * @throws PolicyFormatException if one is missing or has another shape than the architecture's
   */
  List<NDArray> read(NDManager target, SafetensorsFile file, String prefix) {
    layout.requireFits(file, prefix);
    List<NDArray> tensors = new ArrayList<>();
    try (NDManager step = target.newSubManager()) {
      for (PolicyLayout.Weight weight : layout.weights()) {
        tensors.add(read(target, step, weight, file, prefix));
      }
    }
    return tensors;
  }

  private List<NDArray> read(NDManager target, SafetensorsFile file) {
    return read(target, file, "");
  }

  private NDArray read(
      NDManager target,
      NDManager step,
      PolicyLayout.Weight weight,
      SafetensorsFile file,
      String prefix) {
    ElementType type = file.info(prefix + weight.parts().getFirst().name()).type();
    Shape shape = new Shape(weight.shape());
    ByteBuffer stacked =
        ByteBuffer.allocateDirect(Math.toIntExact(shape.size() * type.bytes()))
            .order(ByteOrder.nativeOrder());
    for (PolicyLayout.Part part : weight.parts()) {
      stacked.put(file.data(prefix + part.name()).asByteBuffer());
    }
    DataType raw = type == ElementType.F32 ? DataType.FLOAT32 : DataType.FLOAT16;
    // The array aliases the buffer, so that the tensor kept is a copy that libtorch owns.
    NDArray view = step.create(stacked.flip(), shape, raw);
    NDArray own =
        type == ElementType.F32
            ? view.duplicate()
            : script.tensor(target, "from_bits", view, (long) type.torchCode());
    own.attach(target);
    return own;
  }

  private static byte[] archive(ModelConfig config) {
    return new TorchScriptArchive("Qwen2")
        .integer("nl", config.layers())
        .integer("nh", config.heads())
        .integer("nkv", config.keyValueHeads())
        .integer("hd", config.headSize())
        .integer("head", config.tiedEmbeddings() ? 0 : 2)
        .integer("first", config.tiedEmbeddings() ? 2 : 3)
        .real("eps", config.rmsEpsilon())
        .real("theta", config.ropeTheta())
        .tensors("w")
        .tensors("g")
        .tensors("m")
        .tensors("v")
        .tensors("count")
        .tensors("kc")
        .tensors("vc")
        .build(source("qwen2.torchscript"), source("functions.torchscript"));
  }

  private static String source(String name) {
    try (InputStream in = Decoder.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The architecture. */
  public ModelConfig config() {
    return config;
  }

  NDManager manager() {
    return manager;
  }

  ScriptModule script() {
    return script;
  }

  List<NDArray> weights() {
    return weights;
  }

  /** Logits of right-padded sequences, {@code [sequences, tokens, vocabulary]}, row-major. */
  public float[] logits(long[][] ids) {
    try (NDManager step = manager.newSubManager()) {
      NDArray batch =
          step.create(
              Arrays.stream(ids).flatMapToLong(Arrays::stream).toArray(),
              new Shape(ids.length, ids[0].length));
      return script.tensor(step, "logits", batch).toFloatArray();
    }
  }

  @Override
  public void close() {
    script.close();
    manager.close();
  }
}
