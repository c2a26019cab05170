package dev.drpo.runtime.config;

import static dev.drpo.runtime.config.ConfigException.require;
import static dev.drpo.runtime.config.ConfigKeys.requireBetween;
import static dev.drpo.runtime.config.OnResume.FREE;

import dev.drpo.judge.convention.Convention.Option;
import dev.drpo.judge.convention.Conventions;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * What responses are worth. The conventions include {@code require-think}, and the functions keep
 * their order: the first judges the answer.
 */
public record RewardConfig(
    @Key(byDefault = "true", means = "Whether a response without `</think>` scores 0.")
        boolean requireThink,
    @Key(
            byDefault = "",
            bounds = "names and values of conventions",
            means =
                "[Conventions of the judge](judging.md) that differ from its defaults, such as"
                    + " `{percent: typed, units: required}`.")
        Conventions conventions,
    @Key(
            byDefault = "answer:1.0",
            bounds = "names and weights, 0 (logged only) or more, and finite",
            means =
                "Reward functions and their weights: `answer`, `format`, `remote`, or one on the"
                    + " class path. The first judges the answer: its outcome says whether a"
                    + " response is right. The reward is the weighted sum, from which grpo and"
                    + " dr-grpo learn. The other objectives learn from right and wrong alone: with"
                    + " them the first has the weight 1, and the others 0, which only logs their"
                    + " values.")
        Map<String, Double> functions,
    @Key(
            byDefault = "",
            bounds = "host:port where reward.functions names " + RewardConfig.REMOTE,
            means =
                "The judge that the function `remote` asks; it implements `RewardService.Evaluate`.",
            onResume = FREE)
        String remoteAddress,
    @Key(
            byDefault = "10000",
            bounds = "between 1 and 120000, since a service that waits longer is taken to hang",
            means =
                "Longest wait for its verdict on one response, in milliseconds. A group that fails"
                    + " goes back to the queue.",
            onResume = FREE)
        int remoteDeadlineMillis,
    @Key(
            byDefault = "true",
            means =
                "Whether to score the run's rollouts from the broker; `false` makes the service a"
                    + " judge over gRPC alone.",
            onResume = FREE)
        boolean consumeRollouts) {
  /** The function that asks a judge over gRPC. */
  public static final String REMOTE = "remote";

  /** The functions whose value a response and the configuration alone determine. */
  public static final Set<String> OWN = Set.of("answer", "format");

  public RewardConfig {
    conventions = conventions.with(requireThink ? Option.THINK_REQUIRED : Option.THINK_OPTIONAL);
    functions = Collections.unmodifiableMap(new LinkedHashMap<>(functions));
    require(
        !functions.isEmpty(),
        "reward.functions",
        functions,
        "it must name at least one function, such as {answer: 1.0}");
    functions.forEach(
        (name, weight) ->
            require(
                weight >= 0 && Double.isFinite(weight),
                "reward.functions." + name,
                weight,
                "a weight must be 0 (logged only) or more, and finite"));
    String judge = functions.keySet().iterator().next();
    require(
        functions.get(judge) > 0,
        "reward.functions." + judge,
        functions.get(judge),
        "the first function judges the answer, so that its weight must be above 0");
    ConfigKeys.requireBounds(
        remoteAddress.isEmpty()
            ? !functions.containsKey(REMOTE)
            : RunConfig.isAddress(remoteAddress),
        "reward.remote-address",
        "'" + remoteAddress + "'");
    requireBetween("reward.remote-deadline-millis", 1, remoteDeadlineMillis, 120_000);
  }

  /** Refuses a judge that does not say where a response has the answer. */
  void requireJudgeOfReasoning() {
    String judge = functions.keySet().iterator().next();
    require(
        judge.equals("answer"),
        "reward.functions",
        functions.keySet(),
        "objective.cut-after-answer needs to be told where a response states the answer, which only"
            + " the function answer does; name it first, or set objective.cut-after-answer to"
            + " false");
  }

  /** Refuses weights that an objective would ignore, since it only tells right from wrong. */
  void requireRightOrWrong(String objective) {
    String judge = functions.keySet().iterator().next();
    functions.forEach(
        (name, weight) ->
            require(
                weight == (name.equals(judge) ? 1 : 0),
                "reward.functions." + name,
                weight,
                name.equals(judge)
                    ? objective + " learns from right and wrong alone, so that it must be 1"
                    : objective
                        + " learns from right and wrong alone, so that it must be 0, which logs"
                        + " the function's values; grpo and dr-grpo learn from the weighted sum"));
  }
}
