package dev.drpo.planning;

import dev.drpo.generation.MemoryPlan;
import dev.drpo.policy.checkpoint.ModelConfig;
import dev.drpo.runtime.config.RunConfig;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleBiFunction;
import java.util.stream.Stream;

/**
 * Numbers of slots, and sizes of the cache behind them, of which the fastest that fits is taken.
 */
final class RolloutChoices {
  private static final List<Integer> SLOTS = List.of(512, 384, 256, 192, 128, 96, 64, 48, 32, 16);

  private final ModelConfig model;

  /** By slots, with room for each at its longest. */
  private final List<RunConfig> whole;

  /** The choices for a configuration whose kind of devices is set. */
  RolloutChoices(RunConfig config, ModelConfig model) {
    this.model = model;
    int least = Math.max(config.sampling().groupSize(), config.evaluation().samples());
    this.whole =
        Stream.concat(SLOTS.stream(), Stream.of(least, config.rollout().slots()))
            .filter(count -> count >= least)
            // On the CPU, more rows take as much more time, and only memory is left to gain.
            .filter(count -> !config.rollout().onCpu() || count <= config.rollout().slots())
            .distinct()
            .sorted()
            .map(count -> Keys.change(config, keys(count, prompts(config, count), 0)))
            .toList();
  }

  private static Map<String, String> keys(int slots, int prompts, long cachedTokens) {
    return Map.of(
        Keys.SLOTS, String.valueOf(slots),
        Keys.PROMPTS, String.valueOf(prompts),
        Keys.CACHE, String.valueOf(cachedTokens));
  }

  /**
   * Prompts of the groups that fill so many slots, and as many again, whose last responses are
   * still decoded; where they need less than one for each slot.
   */
  private static int prompts(RunConfig config, int slots) {
    if (config.rollout().onCpu()) {
      return config.rollout().prompts();
    }
    int group = Math.min(config.sampling().groupSize(), config.evaluation().samples());
    int prompts = 2 * Math.ceilDiv(slots, group);
    return prompts < slots ? prompts : 0;
  }

  /**
   * The keys of the fastest choice that fits into so many bytes of a device; of equal ones, that of
   * the fewest slots. The cache is as large as fits: all that the slots may need, or what there is.
   *
   * @param seconds of a choice whose cache holds so many tokens of responses
   */
  Optional<Map<String, String>> best(long bytes, ToDoubleBiFunction<RunConfig, Double> seconds) {
    record Choice(RunConfig whole, long tokens, double seconds) {}
    return whole.stream()
        .flatMap(
            config ->
                tokensWithin(config, bytes).stream()
                    .map(
                        tokens ->
                            new Choice(
                                config,
                                tokens,
                                seconds.applyAsDouble(config, held(config, tokens)))))
        .min(Comparator.comparingDouble(Choice::seconds))
        .map(
            choice ->
                keys(
                    choice.whole().rollout().slots(),
                    choice.whole().rollout().prompts(),
                    choice.tokens()));
  }

  /** The size of the cache as the key has it, if one response fits at all. */
  private Optional<Long> tokensWithin(RunConfig config, long bytes) {
    MemoryPlan memory = RolloutMemory.of(config, model);
    long left = bytes - (RolloutMemory.ofDevice(config, model) - memory.total());
    if (memory.total() <= left) {
      return Optional.of(0L);
    }
    return Optional.of(memory.kvCacheTokensWithin(left)).filter(tokens -> tokens > 0);
  }

  /** A configuration with the choice that takes the least memory. */
  RunConfig smallest(RunConfig config) {
    // On the CPU each engine would need as many.
    int tokens = config.rollout().onCpu() ? 0 : config.sampling().maxResponseTokens();
    int slots = whole.getFirst().rollout().slots();
    return Keys.change(config, keys(slots, prompts(config, slots), tokens));
  }

  /** Tokens of responses that the cache of a configuration can hold. */
  static double cachedTokens(RunConfig config) {
    return held(config, config.rollout().kvCacheTokens());
  }

  private static double held(RunConfig config, long tokens) {
    return tokens > 0
        ? tokens
        : (double) config.rollout().slots() * config.sampling().maxResponseTokens();
  }
}
