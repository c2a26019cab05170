package dev.drpo.runtime.config;

import static dev.drpo.runtime.config.ConfigException.require;

import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.KeyDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/** {@code sampling.response-budgets}: from which step on a response has fewer tokens. */
final class BudgetStages {
  private static final String KEY = "sampling.response-budgets.";

  private BudgetStages() {}

  static void register(SimpleModule module) {
    module.addKeyDeserializer(Long.class, new StepReader());
  }

  private static final class StepReader extends KeyDeserializer {
    @Override
    public Long deserializeKey(String key, DeserializationContext context) {
      try {
        return Long.valueOf(key);
      } catch (NumberFormatException e) {
        throw new ConfigException(
            KEY + key + ": a stage is named by the steps taken before it, such as {100: 4096}");
      }
    }
  }

  /**
   * The stages in their order.
   *
   * @param stages tokens by the steps that are taken before
   * @param most tokens of any
   * @throws ConfigException if one can't be honoured
   */
  static Map<Long, Integer> ordered(Map<Long, Integer> stages, int most) {
    stages.forEach(
        (step, tokens) -> {
          require(
              step >= 0,
              KEY + step,
              tokens,
              "a stage begins after some steps, which must be 0 or more");
          require(
              tokens >= 1 && tokens <= most,
              KEY + step,
              tokens,
              "it must be between 1 and sampling.max-response-tokens (" + most + ")");
        });
    return Collections.unmodifiableMap(new TreeMap<>(stages));
  }

  /** The tokens of a step, among stages in their order; {@code most} before the first. */
  static int at(long step, Map<Long, Integer> stages, int most) {
    int tokens = most;
    for (Map.Entry<Long, Integer> stage : stages.entrySet()) {
      if (stage.getKey() <= step) {
        tokens = stage.getValue();
      }
    }
    return tokens;
  }

  /** Refuses stages that begin after the last step. */
  static void requireReached(Map<Long, Integer> stages, int steps) {
    stages.forEach(
        (step, tokens) ->
            require(
                step < steps,
                KEY + step,
                tokens,
                "training.steps is " + steps + ", so that no step would have it; leave it out"));
  }
}
