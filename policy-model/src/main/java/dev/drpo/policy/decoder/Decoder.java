package dev.drpo.policy.decoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.drpo.policy.PolicyFormatException;
import dev.drpo.policy.checkpoint.ModelConfig;
import dev.drpo.policy.checkpoint.PolicyLayout;
import dev.drpo.policy.engine.ScriptModule;
import dev.drpo.policy.safetensors.ElementType;
import dev.drpo.policy.safetensors.Safetensors;
import dev.drpo.policy.safetensors.SafetensorsWriter;
import dev.drpo.policy.safetensors.SafetensorsWriter.Durability;
import dev.drpo.policy.safetensors.TensorInfo;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The Qwen2 decoder with its weights: a TorchScript module that computes in the weights' element
 * type. One thread at a time may use it; a sampler or a trainer is built on it.
 */
public final class Decoder implements AutoCloseable {
  private final ModelConfig config;
  private final ElementType type;
  private final List<ElementType> types;
  private final PolicyLayout layout;
  private final NDManager manager;
  private final ScriptModule script;
  private final WeightTransfer transfer;
  private SharedWeights weights;

  /** What {@link #save} writes: the weights, or what they were rounded from. */
  private List<SpreadTensor> stored;

  private volatile Runnable workDone = () -> {};

  private Decoder(
      ModelConfig config,
      NDManager manager,
      ElementType type,
      Function<PolicyLayout.Weight, ElementType> types,
      int pieceElements) {
    this.config = config;
    this.type = type;
    this.layout = PolicyLayout.of(config);
    this.manager = manager;
    this.script = DecoderScript.load(manager, config);
    this.transfer = new WeightTransfer(script, pieceElements);
    this.types = layout.weights().stream().map(types).toList();
    this.weights =
        new SharedWeights(
            layout.weights().stream()
                .map(weight -> zeros(weight.shape(), types.apply(weight)))
                .toList(),
            layout,
            manager,
            script);
    this.stored = SpreadTensor.whole(weights());
    script.run("hold", weights());
  }

  private Decoder(Decoder owner) {
    this.config = owner.config;
    this.type = owner.type;
    this.types = owner.types;
    this.layout = owner.layout;
    this.manager = owner.manager.newSubManager();
    this.script = DecoderScript.load(manager, config);
    this.transfer = new WeightTransfer(script, WeightTransfer.PIECE_ELEMENTS);
    share(owner);
  }

  /**
   * Loads a decoder that computes in fp32.
   *
   * @param parent manager that the decoder's own is made from
   * @param config the architecture
   * @param files the weights, of any element type; only read during the call
   * @throws PolicyFormatException if a tensor is missing, unknown or of another shape than the
   *     architecture's
   */
  public static Decoder load(NDManager parent, ModelConfig config, Safetensors files) {
    return load(parent, config, files, ElementType.F32);
  }

  /**
   * Loads a decoder.
   *
   * @param parent manager that the decoder's own is made from, on the device that computes
   * @param config the architecture
   * @param files the weights, of any element type; only read during the call
   * @param type element type of weights, activations and KV caches; logits and what is made of them
   *     are fp32 in any case
   * @throws PolicyFormatException if a tensor is missing, unknown or of another shape than the
   *     architecture's
   */
  public static Decoder load(
      NDManager parent, ModelConfig config, Safetensors files, ElementType type) {
    return load(parent, config, files, type, WeightTransfer.PIECE_ELEMENTS);
  }

  static Decoder load(
      NDManager parent,
      ModelConfig config,
      Safetensors files,
      ElementType type,
      int pieceElements) {
    return load(parent, config, files, type, _ -> type, pieceElements);
  }

  private static Decoder load(
      NDManager parent,
      ModelConfig config,
      Safetensors files,
      ElementType type,
      Function<PolicyLayout.Weight, ElementType> types,
      int pieceElements) {
    PolicyLayout.of(config).requireFits(files);
    NDManager manager = parent.newSubManager();
    try {
      Decoder decoder = new Decoder(config, manager, type, types, pieceElements);
      decoder.fill(decoder.stored, files, "");
      return decoder;
    } catch (RuntimeException e) {
      manager.close();
      throw e;
    }
  }

  /**
   * Loads what a device needs to compute a trainer's passes: weights of products in a type, and the
   * others in fp32. It can only be trained and saved, once a trainer has said where the fp32
   * weights are.
   */
  public static Decoder loadReplica(
      NDManager parent, ModelConfig config, Safetensors files, ElementType compute) {
    return load(
        parent, config, files, compute, replicaTypes(compute), WeightTransfer.PIECE_ELEMENTS);
  }

  /**
   * Makes a decoder with random weights on its device, for measurements: what a policy costs does
   * not depend on where its weights come from. Matrices are normal, gains one, biases zero.
   *
   * @param parent manager that the decoder's own is made from, on the device that computes
   * @param type element type of weights, activations and KV caches
   * @param deviation standard deviation of the matrices
   */
  public static Decoder random(
      NDManager parent, ModelConfig config, ElementType type, double deviation) {
    NDManager manager = parent.newSubManager();
    try {
      Decoder decoder =
          new Decoder(config, manager, type, _ -> type, WeightTransfer.PIECE_ELEMENTS);
      List<NDArray> matrices = new ArrayList<>();
      List<NDArray> gains = new ArrayList<>();
      for (int i = 0; i < decoder.weights().size(); i++) {
        PolicyLayout.Weight weight = decoder.layout.weights().get(i);
        if (weight.use() == PolicyLayout.Use.GAIN) {
          gains.add(decoder.weights().get(i));
        } else if (weight.shape().length == 2) {
          matrices.add(decoder.weights().get(i));
        }
      }
      decoder.script.run("randomize", matrices, gains, deviation);
      return decoder;
    } catch (RuntimeException e) {
      manager.close();
      throw e;
    }
  }

  private static Function<PolicyLayout.Weight, ElementType> replicaTypes(ElementType compute) {
    return weight -> weight.use().exact() ? ElementType.F32 : compute;
  }

  /**
   * Copies what {@link #loadReplica} made to another device.
   *
   * @param parent manager that the copy's own is made from, on that device
   */
  public Decoder copyReplica(NDManager parent) {
    NDManager target = parent.newSubManager();
    try {
      Decoder copy =
          new Decoder(config, target, type, replicaTypes(type), WeightTransfer.PIECE_ELEMENTS);
      copy.script.run("copy", copy.weights(), weights());
      return copy;
    } catch (RuntimeException e) {
      target.close();
      throw e;
    }
  }

  /**
   * A decoder on the same weights for another thread, which only reads them. To be closed before
   * this one.
   */
  public Decoder twin() {
    return new Decoder(this);
  }

  /** Computes with another decoder's weights from the next call on, as a {@link #twin} of it. */
  public void share(Decoder owner) {
    if (!owner.config.equals(config) || owner.type != type) {
      throw new IllegalArgumentException("decoders of two architectures share no weights");
    }
    weights = owner.weights;
    stored = owner.stored;
    script.run("hold", weights());
  }

  /**
   * Overwrites the weights in place, without a second copy of them. Whatever was computed from the
   * old weights is stale.
   *
   * @throws PolicyFormatException if the files do not fit the architecture; the weights are
   *     unchanged
   */
  public void replaceWeights(Safetensors files) {
    layout.requireFits(files);
    fill(stored, files, "");
    weightsChanged();
  }

  /** Takes note that the weights were overwritten by other means than {@link #replaceWeights}. */
  public void weightsChanged() {
    weights.changed();
  }

  /**
   * Lets {@link #save} write other tensors than the weights: what they are rounded from.
   *
   * @param masters in fp32, laid out like the weights
   */
  public void store(List<SpreadTensor> masters) {
    stored = masters;
  }

  /** Tells somebody of each piece of a tensor that is written, and of each tensor that is read. */
  public void reportTo(Runnable listener) {
    workDone = listener;
  }

  /**
   * Overwrites tensors that are laid out like the weights with those that {@link #saveAs} wrote
   * under a prefix.
   *
   * @param prefix of their names in the files; empty for the weights themselves
   * @throws PolicyFormatException if one is missing or has another shape than the architecture's
   */
  public void fill(List<SpreadTensor> tensors, Safetensors files, String prefix) {
    layout.requireFits(files, prefix);
    for (int i = 0; i < tensors.size(); i++) {
      long offset = 0;
      for (PolicyLayout.Part part : layout.weights().get(i).parts()) {
        transfer.read(manager, files, prefix + part.name(), tensors.get(i), offset);
        offset += part.elements();
        workDone.run();
      }
    }
  }

  /**
   * Writes the weights under their Hugging Face names.
   *
   * @throws IOException if the file can't be written; an older file is intact
   */
  public void save(Path file, ElementType type) throws IOException {
    save(file, type, Durability.MACHINE);
  }

  /**
   * Writes the weights under their Hugging Face names.
   *
   * @param durability what the file has to survive
   * @throws IOException if the file can't be written; an older file is intact
   */
  public void save(Path file, ElementType type, Durability durability) throws IOException {
    saveAs(file, type, Map.of("", stored), durability);
  }

  /**
   * Copies the weights that {@link #save} would write; they may change as soon as this returns.
   *
   * @param copy made for this architecture
   */
  public void copyTo(WeightCopy copy) {
    copy.take(layout, stored, transfer);
  }

  /** Whether {@link #save} in a type writes tensors of these names, shapes and that type. */
  public boolean wouldSave(Safetensors files, ElementType type) {
    Set<TensorInfo> own =
        layout.parts().stream()
            .map(part -> new TensorInfo(part.name(), type, part.shape()))
            .collect(Collectors.toSet());
    return own.equals(Set.copyOf(files.tensors()));
  }

  /**
   * Writes lists of tensors that are laid out like the weights, each under a prefix, such as an
   * optimizer's moments.
   *
   * @throws IOException if the file can't be written; an older file is intact
   */
  public void saveAs(Path file, ElementType type, Map<String, List<SpreadTensor>> byPrefix)
      throws IOException {
    saveAs(file, type, byPrefix, Durability.MACHINE);
  }

  private void saveAs(
      Path file, ElementType type, Map<String, List<SpreadTensor>> byPrefix, Durability durability)
      throws IOException {
    Map<String, Place> places = new LinkedHashMap<>();
    new TreeMap<>(byPrefix).forEach((prefix, tensors) -> places.putAll(places(prefix, tensors)));
    List<TensorInfo> infos = new ArrayList<>();
    places.forEach((name, place) -> infos.add(new TensorInfo(name, type, place.part().shape())));
    write(file, infos, places, durability);
  }

  /**
   * Writes some of the weights, in the given order and element types.
   *
   * @throws IOException if the file can't be written; an older file is intact
   */
  void write(Path file, List<TensorInfo> tensors) throws IOException {
    write(file, tensors, places("", stored), Durability.MACHINE);
  }

  private void write(
      Path file, List<TensorInfo> tensors, Map<String, Place> places, Durability durability)
      throws IOException {
    SafetensorsWriter.writePieces(
        file,
        tensors,
        (info, sink) -> {
          Place place = places.get(info.name());
          transfer.write(
              manager,
              place.fused(),
              place.offset(),
              info,
              piece -> {
                sink.write(piece);
                workDone.run();
              });
        },
        durability);
  }

  /** Where a tensor of a checkpoint lies: in a fused weight, from an element on. */
  private record Place(PolicyLayout.Part part, SpreadTensor fused, long offset) {}

  private Map<String, Place> places(String prefix, List<SpreadTensor> tensors) {
    Map<String, Place> places = new LinkedHashMap<>();
    for (int i = 0; i < tensors.size(); i++) {
      long offset = 0;
      for (PolicyLayout.Part part : layout.weights().get(i).parts()) {
        places.put(prefix + part.name(), new Place(part, tensors.get(i), offset));
        offset += part.elements();
      }
    }
    return places;
  }

  /** The architecture. */
  public ModelConfig config() {
    return config;
  }

  /** What it computes in. */
  public ElementType type() {
    return type;
  }

  /**
   * The element type of one of the weights.
   *
   * @param weight its place in the layout
   */
  public ElementType elementType(int weight) {
    return types.get(weight);
  }

  /** Owns the weights, on the device that computes; closed with the decoder. */
  public NDManager manager() {
    return manager;
  }

  /** How the weights are made of a checkpoint's tensors. */
  public PolicyLayout layout() {
    return layout;
  }

  /** The module that computes with the weights: what samplers and trainers call. */
  public ScriptModule script() {
    return script;
  }

  /** A tensor of zeros that lives as long as the decoder. */
  public NDArray zeros(long[] shape, ElementType elements) {
    try (NDManager step = manager.newSubManager()) {
      return script.tensor(manager, "blank", step.create(0f), shape, (long) elements.torchCode());
    }
  }

  /** The weights, in the layout's order and shapes. */
  public List<NDArray> weights() {
    return weights.tensors();
  }

  /**
   * The weights' matrices as panels, on the CPU in fp32. They are made, or made anew, by the first
   * call after the weights change, and are the same for all that share these weights: whoever lets
   * several threads compute with them calls this first.
   */
  public Panels panels() {
    return weights.panels();
  }

  @Override
  public void close() {
    script.close();
    manager.close();
  }
}
