package dev.drpo.simulation;

import dev.drpo.runtime.config.ConfigLoader;
import dev.drpo.runtime.config.RunConfig;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A run to be simulated.
 *
 * @param name for a person
 * @param repeatable whether the same groups make the same policy, as they do on a processor; with
 *     others, a learner that goes back makes other versions than those that it had made before
 */
record Setting(String name, RunConfig config, boolean repeatable) {
  /** Every schedule takes one of these, in turn. */
  static final List<Setting> ALL =
      List.of(
          repeatable(
              "on-policy", Map.of("training.max-lag", "0", "training.checkpoint-every", "2")),
          repeatable(
              "on-policy, evaluated",
              Map.of(
                  "training.max-lag", "0",
                  "training.checkpoint-every", "3",
                  "evaluation.problems", "2",
                  "evaluation.every", "2")),
          repeatable(
              "on-policy, refilled",
              Map.of(
                  "training.max-lag", "0",
                  "training.checkpoint-every", "1",
                  "training.most-extra-groups", "2")),
          repeatable(
              "one step behind", Map.of("training.max-lag", "1", "training.checkpoint-every", "2")),
          repeatable(
              "on-policy, one checkpoint",
              Map.of(
                  "training.max-lag", "0",
                  "training.checkpoint-every", "2",
                  "training.checkpoints-kept", "1")),
          unrepeatable(
              "on-policy, unrepeatable",
              Map.of(
                  "training.max-lag", "0",
                  "training.checkpoint-every", "5",
                  "training.steps", "5")),
          unrepeatable(
              "one step behind, unrepeatable",
              Map.of(
                  "training.max-lag", "1",
                  "training.checkpoint-every", "5",
                  "training.steps", "5")));

  private static Setting repeatable(String name, Map<String, String> own) {
    return new Setting(name, of(own), true);
  }

  private static Setting unrepeatable(String name, Map<String, String> own) {
    return new Setting(name, of(own), false);
  }

  private static RunConfig of(Map<String, String> own) {
    Map<String, String> values = new HashMap<>();
    values.put("run.id", "simulated");
    values.put("run.seed", "3");
    values.put("kafka.lease-seconds", "3");
    values.put("kafka.max-deliveries", "10");
    values.put("training.steps", "4");
    values.put("training.prompts-per-step", "3");
    values.put("training.mini-batches-per-step", "1");
    values.put("training.checkpoints-kept", "2");
    values.put("sampling.group-size", "2");
    values.put("evaluation.samples", "1");
    values.put("evaluation.problems", "0");
    // Thousands of runs, whose responses nobody reads.
    values.put("samples.every", "0");
    values.put("samples.others", "0");
    values.putAll(own);
    return ConfigLoader.load(null, Map.of(), values);
  }

  /** Whether every run of it comes to the same policy. */
  boolean isPure() {
    return repeatable && config.training().maxLag() == 0;
  }

  /** The same run in a folder of its own. */
  RunConfig in(Path folder) {
    RunConfig.Run run = config.run();
    return new RunConfig(
        new RunConfig.Run(run.id(), folder.resolve("run"), run.seed(), run.resumeChanged()),
        config.kafka(),
        config.data(),
        new RunConfig.Policy(folder.resolve("policy")),
        config.sampling(),
        config.objective(),
        config.optimizer(),
        config.training(),
        config.weights(),
        config.evaluation(),
        config.rollout(),
        config.reward(),
        config.learner(),
        config.samples(),
        config.tracking(),
        config.tracing(),
        config.tls(),
        config.callers());
  }
}
