package dev.drpo.engines;

import dev.drpo.policy.checkpoint.ModelConfig;
import dev.drpo.policy.checkpoint.PolicyFolder;
import dev.drpo.policy.checkpoint.PolicyLayout;
import dev.drpo.policy.safetensors.Safetensors;
import dev.drpo.policy.safetensors.TensorInfo;
import dev.drpo.policy.sampler.SamplingLaw;
import dev.drpo.policy.trainer.PolicyScorer;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;

/**
 * Looks whether a server samples with the weights that it was told to load: what it says of one
 * fixed prompt must change where the weights did, and must be about what this process' own forward
 * pass says, for policies small enough to run one. One thread uses it.
 */
final class LoadProbe {
  /** A forward pass in fp32 over more takes memory that a replica may not have. */
  private static final long MOST_PARAMETERS = 200_000_000;

  private static final int PROMPT_TOKENS = 16;
  private static final int DRAWN_TOKENS = 16;

  /** Not 1, at which log-probabilities before temperature would pass for those after it. */
  private static final double TEMPERATURE = 0.5;

  /** Weights of which fewer than one in so many differ may well say the same. */
  private static final long CHANGED_ONE_IN = 10_000;

  /** Far above what bf16 costs, 4e-4 in the mean, and far below what other weights would. */
  private static final double MOST_GAP = 0.05;

  private final ExternalEngineSettings settings;
  private final ModelConfig model;
  private final int[] prompt;
  private Segment last;
  private Path lastFolder;

  LoadProbe(ExternalEngineSettings settings) {
    this.settings = settings;
    this.model = settings.policy().config();
    Set<Integer> ends = settings.endOfSequence();
    this.prompt =
        IntStream.iterate(0, i -> i + 1)
            .map(i -> Math.floorMod(i * 7919 + 1, model.vocabularySize()))
            .filter(token -> !ends.contains(token))
            .limit(Math.min(PROMPT_TOKENS, settings.limits().promptTokens()))
            .toArray();
  }

  /**
   * Asks for the fixed prompt.
   *
   * @param folder what the server was told to load
   * @param label of these weights
   * @throws EngineTroubleException if the server's answer is not what these weights give
   */
  void require(EngineServer server, Path folder, String label)
      throws EngineTroubleException, InterruptedException {
    Segment drawn = draw(server, label);
    if (lastFolder != null && !lastFolder.equals(folder) && same(drawn, last)) {
      if (differs(folder, lastFolder)) {
        throw new EngineTroubleException(
            "%s says the same of a fixed prompt under new weights (%s) as under those before, to the last bit: it has not loaded them"
                .formatted(server.name(), label));
      }
    }
    requireLikeOwn(server, folder, label, drawn);
    last = drawn;
    lastFolder = folder;
  }

  /** The folder of the last accepted weights has another name now. */
  void renamed(Path from, Path to) {
    if (from.equals(lastFolder)) {
      lastFolder = to;
    }
  }

  private Segment draw(EngineServer server, String label)
      throws EngineTroubleException, InterruptedException {
    SegmentRequest request =
        new SegmentRequest(
            "drpo-probe-" + label,
            prompt,
            SamplingLaw.at(TEMPERATURE),
            Math.min(DRAWN_TOKENS, settings.limits().responseTokens()),
            settings.endOfSequence().stream().sorted().toList(),
            new Draws(1, 1, 0, 0),
            0,
            label);
    Generation generation = server.generate(request);
    try {
      Segment drawn =
          generation
              .result()
              .get(settings.deadlines().administration().toMillis(), TimeUnit.MILLISECONDS);
      new AnswerCheck(model.vocabularySize()).require(drawn, request);
      return drawn;
    } catch (TimeoutException e) {
      generation.cancel().run();
      throw new EngineTroubleException(server.name() + " does not answer a short request", e);
    } catch (ExecutionException e) {
      throw new EngineTroubleException(
          "%s can't sample with weights %s: %s"
              .formatted(server.name(), label, e.getCause().getMessage()),
          e);
    } catch (BadAnswerException e) {
      throw new EngineTroubleException(
          "an answer of %s with weights %s %s".formatted(server.name(), label, e.getMessage()), e);
    }
  }

  private static boolean same(Segment one, Segment other) {
    return Arrays.equals(one.tokens(), other.tokens())
        && Arrays.equals(one.logProbabilities(), other.logProbabilities());
  }

  /** Whether more differs than may go unnoticed; ends early where it does. */
  private static boolean differs(Path folder, Path before) {
    try (Safetensors weights = new PolicyFolder(folder).openWeights();
        Safetensors old = new PolicyFolder(before).openWeights()) {
      long elements = weights.tensors().stream().mapToLong(TensorInfo::elements).sum();
      long enough = Math.max(1, elements / CHANGED_ONE_IN);
      long found = 0;
      for (TensorInfo tensor : weights.tensors()) {
        found +=
            differences(
                weights.data(tensor.name()),
                old.data(tensor.name()),
                tensor.type().bytes(),
                enough - found);
        if (found >= enough) {
          return true;
        }
      }
      return false;
    }
  }

  private static long differences(
      MemorySegment data, MemorySegment other, int elementBytes, long enough) {
    long found = 0;
    long at = 0;
    while (found < enough && at < data.byteSize()) {
      long next = MemorySegment.mismatch(data, at, data.byteSize(), other, at, other.byteSize());
      if (next < 0) {
        return found;
      }
      found++;
      at = (at + next) / elementBytes * elementBytes + elementBytes;
    }
    return found;
  }

  private void requireLikeOwn(EngineServer server, Path folder, String label, Segment drawn)
      throws EngineTroubleException {
    if (PolicyLayout.of(model).parameters() > MOST_PARAMETERS) {
      return;
    }
    int[] sequence = Arrays.copyOf(prompt, prompt.length + drawn.tokens().length);
    System.arraycopy(drawn.tokens(), 0, sequence, prompt.length, drawn.tokens().length);
    float[] own;
    try (Safetensors weights = new PolicyFolder(folder).openWeights();
        PolicyScorer scorer = PolicyScorer.load(model, weights)) {
      own = scorer.logProbabilities(List.of(sequence), TEMPERATURE).getFirst();
    }
    double gap = 0;
    for (int i = 0; i < drawn.tokens().length; i++) {
      gap += Math.abs(own[prompt.length - 1 + i] - drawn.logProbabilities()[i]);
    }
    gap /= drawn.tokens().length;
    if (!(gap <= MOST_GAP)) {
      throw new EngineTroubleException(
          "%s gives other log-probabilities under weights %s than their forward pass here: %.3g nats apart in the mean of %d tokens, where %s is the most; it has not loaded them, or tells log-probabilities before temperature (start vLLM with --logprobs-mode processed_logprobs)"
              .formatted(server.name(), label, gap, drawn.tokens().length, MOST_GAP));
    }
  }
}
