package dev.drpo.policy.sampler;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.drpo.policy.checkpoint.ModelConfig;
import dev.drpo.policy.checkpoint.PolicyLayout;
import dev.drpo.policy.decoder.Decoder;
import dev.drpo.policy.decoder.Panels;
import dev.drpo.policy.engine.ScriptModule;
import dev.drpo.policy.safetensors.ElementType;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Samples token by token, with a KV cache of fixed size that keeps a prompt once for all its
 * responses. Live sequences are numbered from 0 in the order in which they begin; one that ends
 * gives its number to the last one, so that the numbers have no gaps. One thread may use it.
 */
public final class PolicySampler implements AutoCloseable {
  private static final int DRAW_VALUES = 5;

  private final Decoder decoder;
  private final KvCacheSize size;
  private final LiveSequences live;
  private final ScriptModule script;
  private final DecodeSteps steps;

  /**
   * Allocates the KV cache.
   *
   * @param decoder the policy; the sampler owns it from now on
   */
  public PolicySampler(Decoder decoder, KvCacheSize size) {
    this(decoder, size, VectorDecodeSteps.canRun(decoder));
  }

  /**
   * A sampler whose steps are the tensor library's, as on a GPU, also where vectors could be used:
   * to compare the two.
   *
   * @param decoder the policy; the sampler owns it from now on
   */
  public static PolicySampler byLibrary(Decoder decoder, KvCacheSize size) {
    return new PolicySampler(decoder, size, false);
  }

  private PolicySampler(Decoder decoder, KvCacheSize size, boolean vectors) {
    int context = decoder.config().contextLength();
    if (size.promptTokens() > context || size.responseTokens() > context) {
      throw new IllegalArgumentException(
          "prompts of %d tokens and responses of %d; neither may exceed the policy's context of %d"
              .formatted(size.promptTokens(), size.responseTokens(), context));
    }
    this.decoder = decoder;
    this.size = size;
    this.script = decoder.script().inInferenceMode();
    KvCacheSize room = vectors ? size.inBlocks(VectorAttention.BLOCK) : size;
    this.live = new LiveSequences(room, decoder.config().keyValueHeads());
    script.run(
        "allocate",
        room.responsePositions(),
        (long) room.prompts(),
        (long) room.promptTokens(),
        (long) Math.min(size.promptTokens() + size.responseTokens(), context));
    this.steps =
        vectors
            ? new VectorDecodeSteps(decoder, script, room, live.room())
            : new ScriptDecodeSteps(script, room);
  }

  /**
   * Makes now what samplers of a decoder's weights, or of a twin's, need of them beside the weights
   * themselves. Whoever lets several threads sample calls it before they do, and after each change.
   */
  public static void prepare(Decoder decoder) {
    if (VectorDecodeSteps.canRun(decoder)) {
      decoder.panels();
    }
  }

  /**
   * Whether samplers of a policy are {@link #batchInvariant()} on the CPU, in fp32, with one thread
   * for an operation, in a virtual machine that was started with {@code --add-modules
   * jdk.incubator.vector}.
   */
  public static boolean batchInvariantOnCpu(ModelConfig policy) {
    return VectorDecodeSteps.suits(policy, Device.cpu(), ElementType.F32, 1);
  }

  /**
   * Bytes that a policy's weights take where they are sampled with, in whichever virtual machine.
   *
   * @param threads that one tensor operation may use
   */
  public static long weightBytes(ModelConfig policy, Device device, ElementType type, int threads) {
    PolicyLayout layout = PolicyLayout.of(policy);
    boolean panels = VectorDecodeSteps.suits(policy, device, type, threads);
    return layout.bytes(type) + (panels ? Panels.bytes(layout) : 0);
  }

  /**
   * Responses that begin: their prompt, and the draw of each one's first token.
   *
   * @param prompt open
   */
  public record Beginning(PrefilledPrompt prompt, List<SamplingLaw.Draw> draws) {}

  /**
   * One token per sequence.
   *
   * @param tokens what was drawn
   * @param logProbabilities natural logarithms in the distribution at the temperature, before
   *     truncation; at temperature 1 where the draw is greedy
   * @param samplingLogProbabilities natural logarithms in the truncated distribution that the token
   *     was drawn from; those of {@code logProbabilities} where nothing is cut off
   */
  @SuppressWarnings("ArrayRecordComponent") // Compared by nobody; lists would box every token.
  public record Tokens(int[] tokens, float[] logProbabilities, float[] samplingLogProbabilities) {}

  /** Live sequences. */
  public int live() {
    return live.rows();
  }

  /** Prompts in the KV cache. */
  public int livePrompts() {
    return live.prompts().size();
  }

  /**
   * Whether the bits of what is drawn for a sequence depend on it and its draws alone, not on what
   * else is decoded, nor on when and where: so on the CPU in fp32, where vectors can be used.
   */
  public boolean batchInvariant() {
    return steps.batchInvariant();
  }

  /**
   * Prefills prompts for responses to begin.
   *
   * @param prompts token ids of each
   */
  public List<PrefilledPrompt> prefill(List<int[]> prompts) {
    requireRoom(prompts);
    if (!steps.batchInvariant()) {
      return prefillTogether(prompts);
    }
    // Products of a library may differ in their last bits with the number of rows.
    return prompts.stream().flatMap(prompt -> prefillTogether(List.of(prompt)).stream()).toList();
  }

  /** Prefills prompts in one pass. */
  private List<PrefilledPrompt> prefillTogether(List<int[]> prompts) {
    int tokens = prompts.stream().mapToInt(prompt -> prompt.length).sum();
    long[] indices = new long[2 * tokens + prompts.size()];
    long[] bounds = new long[prompts.size() + 1];
    int at = 0;
    for (int p = 0; p < prompts.size(); p++) {
      int[] prompt = prompts.get(p);
      for (int i = 0; i < prompt.length; i++) {
        indices[at] = prompt[i];
        indices[tokens + at] = i;
        at++;
      }
      bounds[p + 1] = at;
      indices[2 * tokens + p] = at - 1L;
    }
    try (NDManager step = decoder.manager().newSubManager()) {
      script.run(
          "prefill",
          step.create(indices),
          (long) tokens,
          bounds,
          (long) live.prompts().size(),
          steps.block());
    }
    return prompts.stream().map(prompt -> live.open(prompt.length)).toList();
  }

  /** Draws the first tokens of responses, which are live from now on. */
  public Tokens begin(List<Beginning> beginnings) {
    List<SamplingLaw.Draw> draws =
        beginnings.stream().flatMap(beginning -> beginning.draws().stream()).toList();
    if (draws.isEmpty() || live.rows() + draws.size() > size.rows()) {
      throw new IllegalArgumentException(
          "%d responses beside %d live ones; there must be one, and the KV cache has %d rows"
              .formatted(draws.size(), live.rows(), size.rows()));
    }
    int firstRow = live.rows();
    for (Beginning beginning : beginnings) {
      if (beginning.prompt().isClosed()) {
        throw new IllegalArgumentException("a prompt that is closed has no more responses");
      }
      beginning.draws().forEach(draw -> live.begin(beginning.prompt()));
    }
    int[] rows = IntStream.range(firstRow, live.rows()).toArray();
    long[] places = Arrays.stream(rows).mapToLong(row -> live.promptOf(row).place()).toArray();
    try (NDManager step = decoder.manager().newSubManager()) {
      Tokens drawn =
          tokens(
              steps.begin(
                  step, places, matrix(step, draws), anyGreedy(draws), anyTruncated(draws)));
      live.drew(rows, drawn.tokens());
      return drawn;
    }
  }

  /** No more responses begin from a prompt; its place is free once the last one has ended. */
  public void close(PrefilledPrompt prompt) {
    prompt.close();
    removeIfDone(prompt);
  }

  /**
   * Draws the next token of every live sequence.
   *
   * @param draws one per live sequence
   */
  public Tokens advance(List<SamplingLaw.Draw> draws) {
    if (draws.size() != live.rows() || draws.isEmpty()) {
      throw new IllegalArgumentException(
          draws.size() + " draws for " + live.rows() + " live sequences");
    }
    return advance(IntStream.range(0, live.rows()).toArray(), draws);
  }

  /**
   * Draws the next token of some live sequences; the others stay where they are.
   *
   * @param sequences numbers of live sequences, ascending
   * @param draws one for each
   * @throws IllegalStateException if sequences share pages and none is left for one of them
   */
  public Tokens advance(int[] sequences, List<SamplingLaw.Draw> draws) {
    requireLive(sequences, draws);
    for (int sequence : sequences) {
      if (live.cached(sequence) >= size.responseTokens()) {
        throw new IllegalArgumentException(
            "a response of %d tokens does not fit the KV cache of %d"
                .formatted(live.cached(sequence) + 1, size.responseTokens()));
      }
    }
    live.extend(sequences);
    Tokens drawn;
    try (NDManager step = decoder.manager().newSubManager()) {
      drawn =
          tokens(
              steps.run(
                  step,
                  live,
                  sequences,
                  matrix(step, draws),
                  anyGreedy(draws),
                  anyTruncated(draws)));
    }
    live.fed(sequences);
    live.drew(sequences, drawn.tokens());
    return drawn;
  }

  private void requireLive(int[] sequences, List<SamplingLaw.Draw> draws) {
    boolean right = sequences.length > 0 && sequences.length == draws.size();
    for (int i = 0; i < sequences.length; i++) {
      right &= sequences[i] > (i == 0 ? -1 : sequences[i - 1]) && sequences[i] < live.rows();
    }
    if (!right) {
      throw new IllegalArgumentException(
          "%d draws for sequences %s; there must be one for each, and they must be of the %d live"
                  .formatted(draws.size(), Arrays.toString(sequences), live.rows())
              + " ones, ascending");
    }
  }

  /** Ends a sequence; the last one has its number from now on. */
  public void end(int sequence) {
    int last = live.rows() - 1;
    PrefilledPrompt prompt = live.promptOf(sequence);
    if (sequence < last && live.cached(last) > 0 && !size.sharesPages()) {
      steps.moveRow(last, sequence, live.cached(last));
    }
    live.end(sequence);
    removeIfDone(prompt);
  }

  private void removeIfDone(PrefilledPrompt prompt) {
    if (prompt.isDone()) {
      PrefilledPrompt last = live.prompts().getLast();
      if (last != prompt) {
        steps.movePrompt(last.place(), prompt.place(), last.length());
      }
      live.remove(prompt);
    }
  }

  /** The policy; replacing its weights makes the KV cache of every live sequence stale. */
  public Decoder decoder() {
    return decoder;
  }

  private void requireRoom(List<int[]> prompts) {
    if (live.prompts().size() + prompts.size() > size.prompts()) {
      throw new IllegalArgumentException(
          "%d prompts beside %d live ones exceed the KV cache of %d"
              .formatted(prompts.size(), live.prompts().size(), size.prompts()));
    }
    for (int[] prompt : prompts) {
      if (prompt.length == 0 || prompt.length > size.promptTokens()) {
        throw new IllegalArgumentException(
            "a prompt of %d tokens; the KV cache takes 1 to %d"
                .formatted(prompt.length, size.promptTokens()));
      }
    }
  }

  private static boolean anyGreedy(List<SamplingLaw.Draw> draws) {
    return draws.stream().anyMatch(draw -> draw.law().greedy());
  }

  private static boolean anyTruncated(List<SamplingLaw.Draw> draws) {
    return draws.stream().anyMatch(draw -> draw.law().truncated());
  }

  private static NDArray matrix(NDManager step, List<SamplingLaw.Draw> draws) {
    int rows = draws.size();
    double[] values = new double[DRAW_VALUES * rows];
    for (int i = 0; i < rows; i++) {
      SamplingLaw law = draws.get(i).law();
      values[i] = law.temperature();
      values[rows + i] = law.topP();
      values[2 * rows + i] = law.topK();
      values[3 * rows + i] = law.minP();
      values[4 * rows + i] = draws.get(i).uniform();
    }
    return step.create(values, new Shape(DRAW_VALUES, rows));
  }

  /** One copy from the device gives all of a step. */
  private static Tokens tokens(NDArray drawn) {
    double[] values = drawn.toDoubleArray();
    int rows = values.length / 3;
    int[] tokens = new int[rows];
    float[] logProbabilities = new float[rows];
    float[] samplingLogProbabilities = new float[rows];
    for (int i = 0; i < rows; i++) {
      tokens[i] = (int) values[i];
      logProbabilities[i] = (float) values[rows + i];
      samplingLogProbabilities[i] = (float) values[2 * rows + i];
    }
    return new Tokens(tokens, logProbabilities, samplingLogProbabilities);
  }

  @Override
  public void close() {
    decoder.close();
  }
}
