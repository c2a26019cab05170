package dev.drpo.policy.sampler;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.drpo.policy.checkpoint.ModelConfig;
import dev.drpo.policy.decoder.Decoder;
import dev.drpo.policy.engine.ScriptModule;
import dev.drpo.policy.engine.TensorEngine;
import dev.drpo.policy.engine.TensorMemory;
import dev.drpo.policy.safetensors.ElementType;
import dev.drpo.policy.sampler.VectorOperations.Rows;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A second way to decode beside the script's, kept for its speed on one thread of a CPU in fp32: it
 * saves what {@link ScriptDecodeSteps} spends on calling small operations, which is most of a step
 * of few rows, and on its attention, which is most of a step of long ones. The script multiplies
 * matrices, and all that lies between the products is done here by vector instructions.
 */
final class VectorDecodeSteps implements DecodeSteps {
  /** Up to so many rows, products here are at least as fast as the script's. */
  private static final int MAX_ROWS = 8;

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
  private final float[] rotated;
  private List<NDArray> mapped = List.of();
  private List<MemorySegment> weights = List.of();

  /** A tensor and its memory: the script writes the one, and this reads the other. */
  private record Buffer(NDArray tensor, Rows rows) {
    static Buffer of(NDManager manager, int rows, int width) {
      NDArray tensor = manager.zeros(new Shape(rows, width));
      return new Buffer(
          tensor, new Rows(TensorMemory.from(tensor, tensor.size() * Float.BYTES), width));
    }
  }

  /**
   * Works on the KV caches that the script has allocated.
   *
   * @param size in whole blocks, see {@link #block}
   * @param room where responses lie in them
   */
  VectorDecodeSteps(
      Decoder decoder, ScriptModule script, KvCacheSize size, ResponseRoom room) {
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
    this.rotated = new float[queries + keys];
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
        VectorKvCache.bytes(
            size.responsePositions() / VectorAttention.BLOCK, heads, headSize, 1);
    VectorKvCache.Places places =
        (row, block) ->
            pages.place(row, block * VectorAttention.BLOCK) / VectorAttention.BLOCK;
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
    return decoder.type() == ElementType.F32
        && decoder.manager().getDevice().equals(Device.cpu())
        && TensorEngine.threads() == 1
        && ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent()
        && decoder.config().headSize() % VectorAttention.BLOCK == 0;
  }

  @Override
  public long block() {
    return VectorAttention.BLOCK;
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
    script.run("feed", step.create(live.lastTokens(advancing)), (long) rows, hidden.tensor());
    for (int layer = 0; layer < config.layers(); layer++) {
      LayerWeights at = LayerWeights.of(config, layer);
      normalize(rows, at.inputNorm());
      multiply(at.projection(), config.attentionBias(), rows, normed, projected);
      attend(live, advancing, prompts.get(layer), responses.get(layer));
      multiply(at.output(), false, rows, attended, product);
      VectorOperations.add(hidden.rows(), rows, product.rows());
      normalize(rows, at.postAttentionNorm());
      multiply(at.gateUp(), false, rows, normed, gates);
      VectorOperations.gate(gates.rows(), rows, active.rows());
      multiply(at.down(), false, rows, active, product);
      VectorOperations.add(hidden.rows(), rows, product.rows());
    }
    normalize(rows, LayerWeights.FINAL_NORM);
    return script.tensor(step, "draw_first", (long) rows, normed.tensor(), draws, greedy, truncate);
  }

  /** Finds the weights' memory anew where another decoder's were shared since. */
  private void mapWeights() {
    if (mapped != decoder.weights()) {
      mapped = decoder.weights();
      weights =
          mapped.stream()
              .map(weight -> TensorMemory.from(weight, weight.size() * Float.BYTES))
              .toList();
    }
  }

  private void multiply(int weight, boolean biased, int rows, Buffer input, Buffer output) {
    if (rows <= MAX_ROWS) {
      Rows matrix = new Rows(weights.get(weight), input.rows().width());
      VectorOperations.multiply(matrix, input.rows(), rows, output.rows());
      for (int row = 0; biased && row < rows; row++) {
        VectorOperations.add(output.rows(), row, weights.get(weight + 1));
      }
    } else {
      script.run("multiply", (long) weight, biased, (long) rows, input.tensor(), output.tensor());
    }
  }

  private void normalize(int rows, int weight) {
    VectorOperations.normalize(
        hidden.rows(), rows, weights.get(weight), config.rmsEpsilon(), normed.rows());
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
