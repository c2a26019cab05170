package dev.drpo.policy.decoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.drpo.policy.checkpoint.PolicyLayout;
import dev.drpo.policy.engine.ScriptModule;
import dev.drpo.policy.engine.TensorEngine;
import dev.drpo.policy.engine.TensorMemory;
import dev.drpo.policy.safetensors.ElementType;
import dev.drpo.policy.safetensors.SafetensorsWriter;
import dev.drpo.policy.safetensors.SafetensorsWriter.Durability;
import dev.drpo.policy.safetensors.TensorInfo;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A policy's weights at one moment, in the element type of a file. They lie in the host's memory,
 * outside the Java heap: what copying them costs is all that a training step has to wait for, while
 * the file is written beside the next one. A copy is made once and taken again and again.
 *
 * <p>One thread at a time may use it. Taking a copy is the decoder's thread's; writing it needs no
 * tensor engine.
 */
public final class WeightCopy implements AutoCloseable {
  private final PolicyLayout layout;
  private final ElementType type;
  private final NDManager manager;
  private final NDArray elements;
  private final List<TensorInfo> tensors = new ArrayList<>();
  private final Map<String, MemorySegment> data = new HashMap<>();

  /**
   * Takes as much memory as a file of the weights has, for {@link Decoder#copyTo} to fill.
   *
   * @param decoder the policy
   * @param type element type of the file
   */
  public WeightCopy(Decoder decoder, ElementType type) {
    this.layout = decoder.layout();
    this.type = type;
    this.manager = TensorEngine.newManager();
    try {
      this.elements = blank(decoder.script());
      MemorySegment memory = memory(decoder.script());
      long at = 0;
      for (PolicyLayout.Part part : layout.parts()) {
        TensorInfo tensor = new TensorInfo(part.name(), type, part.shape());
        tensors.add(tensor);
        data.put(tensor.name(), memory.asSlice(at, tensor.bytes()));
        at += tensor.bytes();
      }
    } catch (RuntimeException e) {
      manager.close();
      throw e;
    }
  }

  /** All elements, end to end. */
  private NDArray blank(ScriptModule script) {
    long[] shape = {layout.parameters()};
    try (NDManager step = manager.newSubManager()) {
      return script.tensor(manager, "blank", step.create(0f), shape, (long) type.torchCode());
    }
  }

  /** Found by the first element, since a buffer over all of them can have no more than 2 GiB. */
  private MemorySegment memory(ScriptModule script) {
    long[] first = {0, 0, 1};
    return TensorMemory.from(
        script.tensors(manager, "views", List.of(elements), first).getFirst(), layout.bytes(type));
  }

  void take(PolicyLayout ofWeights, List<SpreadTensor> weights, WeightTransfer transfer) {
    if (!ofWeights.equals(layout)) {
      throw new IllegalArgumentException("a copy of one architecture takes no weights of another");
    }
    long at = 0;
    for (int i = 0; i < weights.size(); i++) {
      long count = layout.weights().get(i).elements();
      transfer.copy(weights.get(i), count, elements, at);
      at += count;
    }
  }

  /**
   * Writes the weights that were copied last, as {@link Decoder#save} would have written them then.
   *
   * @param durability what the file has to survive
   * @throws IOException if the file can't be written; an older file is intact
   */
  public void save(Path file, Durability durability) throws IOException {
    SafetensorsWriter.writeSegments(file, tensors, data::get, durability);
  }

  /** Frees the memory, which nobody may be writing. */
  @Override
  public void close() {
    manager.close();
  }
}
