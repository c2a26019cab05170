package dev.drpo.policy.sampler;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.drpo.policy.checkpoint.ModelConfig;
import dev.drpo.policy.decoder.Decoder;
import dev.drpo.policy.decoder.Panels;
import dev.drpo.policy.engine.ScriptModule;
import dev.drpo.policy.engine.TensorEngine;
import dev.drpo.policy.engine.TensorMemory;
import dev.drpo.policy.safetensors.ElementType;
import dev.drpo.policy.sampler.VectorOperations.Rows;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A second way to decode beside the script's, on one thread of a CPU in fp32, by vector
 * instructions. The script embeds tokens and draws from logits; all that lies between is done here,
 * so that the bits of what is drawn do not depend on what else is decoded, see {@link
 * PanelProducts} and {@link VectorAttention}. It is also faster: it saves what {@link
 * ScriptDecodeSteps} spends on calling small operations, which is most of a step of few rows, and
 * on its attention, which is most of a step of long ones.
 */
final class VectorDecodeSteps implements DecodeSteps {
  /** Vectors of every kind divide it; heads of policies that are used are multiples of it. */
  private static final int HEAD_COMPONENTS = 32;

  /** Into so many pages the longest responses are cut. */
  private static final int PAGES = 16;

  private final Decoder decoder;
  private final ScriptModule script;
  private final ModelConfig config;
  private final Rotation rotation;
  private final VectorAttention attention;
  private final List<VectorKvCache> prompts;
  private final List<VectorKvCache> responses;
  private final Buffer hidden;
  private final Buffer normed;
  private final Buffer projected;
  private final Buffer attended;
  private final Buffer product;
  private final Buffer gates;
  private final Buffer active;
  private final Buffer logits;
  private final MemorySegment ends;
  private final MemorySegment noBias;
  private final float[] rotated;
  private Panels mapped;
  private List<MemorySegment> weights = List.of();

  /** A tensor and its memory: the script writes the one, and this reads the other. */
  private record Buffer(NDArray tensor, Rows rows) {
    /** Whole panels and tiles, see {@link PanelProducts}. */
    static Buffer of(NDManager manager, int rows, int width) {
      int padded = Panels.padded(width);
      NDArray tensor = manager.zeros(new Shape(PanelProducts.padded(rows), padded));
      return new Buffer(tensor, new Rows(memory(tensor), padded));
    }
  }

  /**
   * Works on the KV caches that the script has allocated.
   *
   * @param size in whole blocks, see {@link #block}
   * @param room where responses lie in them
   */
  VectorDecodeSteps(Decoder decoder, ScriptModule script, KvCacheSize size, ResponseRoom room) {
    this.decoder = decoder;
    this.script = script;
    this.config = decoder.config();
    NDManager manager = decoder.manager();
    int headSize = config.headSize();
    int layers = config.layers();
    try (NDManager setUp = manager.newSubManager()) {
      List<NDArray> table = script.tensors(setUp, "rotations");
      this.rotation =
          new Rotation(table.get(0).toFloatArray(), table.get(1).toFloatArray(), headSize);
      List<NDArray> caches = script.tensors(setUp, "caches");
      this.ends =
          TensorMemory.from(
              caches.getLast(), (long) size.prompts() * config.hiddenSize() * Float.BYTES);
      int promptBlocks = VectorAttention.blocks(size.promptTokens());
      int blocks = VectorAttention.blocks(size.responseTokens());
      List<NDArray> ofResponses = caches.subList(2 * layers, 4 * layers);
      this.prompts = caches(caches, size.prompts(), promptBlocks, promptBlocks);
      this.responses =
          switch (room) {
            case OwnPlaces _ ->
                caches(ofResponses, size.rows(), blocks, Math.ceilDiv(blocks, PAGES));
            case SharedPages pages -> caches(ofResponses, size, pages);
          };
    }
    this.attention =
        new VectorAttention(size.rows(), config.heads(), config.keyValueHeads(), headSize);
    int rows = size.rows();
    int queries = config.heads() * headSize;
    int keys = config.keyValueHeads() * headSize;
    this.hidden = Buffer.of(manager, rows, config.hiddenSize());
    this.normed = Buffer.of(manager, rows, config.hiddenSize());
    this.projected = Buffer.of(manager, rows, queries + 2 * keys);
    this.attended = Buffer.of(manager, rows, queries);
    this.product = Buffer.of(manager, rows, config.hiddenSize());
    this.gates = Buffer.of(manager, rows, 2 * config.intermediateSize());
    this.active = Buffer.of(manager, rows, config.intermediateSize());
    this.logits = Buffer.of(manager, rows, config.vocabularySize());
    this.noBias = memory(manager.zeros(new Shape(widest())));
    this.rotated = new float[queries + keys];
  }

  private int widest() {
    return IntStream.of(config.hiddenSize(), 2 * config.intermediateSize(), config.vocabularySize())
        .map(Panels::padded)
        .reduce(projected.rows().width(), Math::max);
  }

  private static MemorySegment memory(NDArray tensor) {
    return TensorMemory.from(tensor, tensor.size() * Float.BYTES);
  }

  private List<VectorKvCache> caches(
      List<NDArray> first, int sequences, int blocks, int pageBlocks) {
    int heads = config.keyValueHeads();
    long bytes = VectorKvCache.bytes(sequences, heads, config.headSize(), blocks);
    return IntStream.range(0, config.layers())
        .mapToObj(
            layer ->
                new VectorKvCache(
                    TensorMemory.from(first.get(layer), bytes),
                    TensorMemory.from(first.get(config.layers() + layer), bytes),
                    sequences,
                    heads,
                    config.headSize(),
                    blocks,
                    pageBlocks))
        .toList();
  }

  /** Caches of responses that take pages as they grow. */
  private List<VectorKvCache> caches(List<NDArray> first, KvCacheSize size, SharedPages pages) {
    int heads = config.keyValueHeads();
    int headSize = config.headSize();
    int blocks = VectorAttention.blocks(size.responseTokens());
    long bytes =
        VectorKvCache.bytes(size.responsePositions() / VectorAttention.BLOCK, heads, headSize, 1);
    VectorKvCache.Places places =
        (row, block) -> pages.place(row, block * VectorAttention.BLOCK) / VectorAttention.BLOCK;
    return IntStream.range(0, config.layers())
        .mapToObj(
            layer ->
                new VectorKvCache(
                    TensorMemory.from(first.get(layer), bytes),
                    TensorMemory.from(first.get(config.layers() + layer), bytes),
                    heads,
                    headSize,
                    blocks,
                    blocks,
                    places))
        .toList();
  }

  /**
   * Whether a decoder's steps can run like this: in fp32 on the CPU, by one thread, with heads that
   * fill vectors, in a virtual machine that was started with {@code --add-modules
   * jdk.incubator.vector}.
   */
  static boolean canRun(Decoder decoder) {
    return suits(
            decoder.config(), decoder.manager().getDevice(), decoder.type(), TensorEngine.threads())
        && ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
  }

  /** The same but for the virtual machine, which may be another. */
  static boolean suits(ModelConfig config, Device device, ElementType type, int threads) {
    return type == ElementType.F32
        && device.equals(Device.cpu())
        && threads == 1
        && config.headSize() % HEAD_COMPONENTS == 0;
  }

  @Override
  public long block() {
    return VectorAttention.BLOCK;
  }

  @Override
  public boolean batchInvariant() {
    return true;
  }

  @Override
  public NDArray begin(
      NDManager step, long[] places, NDArray draws, boolean greedy, boolean truncate) {
    long bytes = (long) config.hiddenSize() * Float.BYTES;
    for (int i = 0; i < places.length; i++) {
      Rows target = normed.rows();
      MemorySegment.copy(ends, places[i] * bytes, target.memory(), target.at(i), bytes);
    }
    return draw(step, places.length, draws, greedy, truncate);
  }

  @Override
  public NDArray run(
      NDManager step,
      LiveSequences live,
      int[] advancing,
      NDArray draws,
      boolean greedy,
      boolean truncate) {
    mapWeights();
    int rows = advancing.length;
    int width = config.hiddenSize();
    int inner = config.intermediateSize();
    script.run("feed", step.create(live.lastTokens(advancing)), (long) rows, hidden.tensor());
    for (int layer = 0; layer < config.layers(); layer++) {
      LayerWeights at = LayerWeights.of(config, layer);
      normalize(rows, at.inputNorm());
      multiply(at.projection(), biasOf(at), width, rows, normed, projected);
      attend(live, advancing, prompts.get(layer), responses.get(layer));
      int queries = config.heads() * config.headSize();
      multiply(at.output(), noBias, queries, rows, attended, product);
      VectorOperations.add(hidden.rows(), rows, width, product.rows());
      normalize(rows, at.postAttentionNorm());
      multiply(at.gateUp(), noBias, width, rows, normed, gates);
      VectorOperations.gate(gates.rows(), rows, inner, active.rows());
      multiply(at.down(), noBias, inner, rows, active, product);
      VectorOperations.add(hidden.rows(), rows, width, product.rows());
    }
    normalize(rows, LayerWeights.FINAL_NORM);
    return draw(step, rows, draws, greedy, truncate);
  }

  /** Draws from the first normed rows. */
  private NDArray draw(NDManager step, int rows, NDArray draws, boolean greedy, boolean truncate) {
    mapWeights();
    int head = config.tiedEmbeddings() ? 0 : LayerWeights.FINAL_NORM + 1;
    multiply(head, noBias, config.hiddenSize(), rows, normed, logits);
    return script.tensor(step, "draw_first", (long) rows, logits.tensor(), draws, greedy, truncate);
  }

  /** Finds the weights' memory anew where they changed, or another decoder's were shared, since. */
  private void mapWeights() {
    Panels panels = decoder.panels();
    if (mapped != panels) {
      mapped = panels;
      weights =
          IntStream.range(0, decoder.weights().size())
              .mapToObj(i -> panels.of(i) == null ? decoder.weights().get(i) : panels.of(i))
              .map(VectorDecodeSteps::memory)
              .toList();
    }
  }

  private MemorySegment biasOf(LayerWeights layer) {
    return config.attentionBias() ? weights.get(layer.projection() + 1) : noBias;
  }

  private void multiply(
      int weight, MemorySegment from, int inputs, int rows, Buffer input, Buffer output) {
    PanelProducts.multiply(weights.get(weight), from, inputs, input.rows(), rows, output.rows());
  }

  private void normalize(int rows, int weight) {
    VectorOperations.normalize(
        hidden.rows(),
        rows,
        config.hiddenSize(),
        weights.get(weight),
        config.rmsEpsilon(),
        normed.rows());
  }

  private void attend(
      LiveSequences live, int[] rows, VectorKvCache prompts, VectorKvCache responses) {
    for (int i = 0; i < rows.length; i++) {
      beginAttending(live, i, rows[i], prompts, responses);
    }
    for (int page = 0; page < responses.pages(); page++) {
      int first = page * responses.pageBlocks();
      for (int i = 0; i < rows.length; i++) {
        int length = live.cached(rows[i]) + 1;
        int count = Math.min(responses.pageBlocks(), VectorAttention.blocks(length) - first);
        if (count > 0) {
          attention.add(i, responses, rows[i], length, first, count);
        }
      }
    }
    for (int i = 0; i < rows.length; i++) {
      attention.end(i, attended.rows().memory(), attended.rows().at(i));
    }
  }

  /** Puts the token of a row, the i-th that advances, into the KV cache, and sees the prompt. */
  private void beginAttending(
      LiveSequences live, int i, int row, VectorKvCache prompts, VectorKvCache responses) {
    int headSize = config.headSize();
    int queries = config.heads();
    int keyed = queries + config.keyValueHeads();
    MemorySegment source = projected.rows().memory();
    long from = projected.rows().at(i);
    PrefilledPrompt prompt = live.promptOf(row);
    int position = live.cached(row);
    rotation.rotate(source, from, keyed, prompt.length() + position, rotated);
    responses.putKeys(row, position, rotated, queries * headSize);
    responses.putValues(row, position, source, from + (long) keyed * headSize * Float.BYTES);
    attention.begin(i, rotated);
    int blocks = VectorAttention.blocks(prompt.length());
    attention.add(i, prompts, prompt.place(), prompt.length(), 0, blocks);
  }

  @Override
  public void moveRow(int source, int target, int length) {
    responses.forEach(cache -> cache.move(source, target, length));
  }

  @Override
  public void movePrompt(int source, int target, int length) {
    prompts.forEach(cache -> cache.move(source, target, length));
    script.run("move_end", (long) source, (long) target);
  }
}
