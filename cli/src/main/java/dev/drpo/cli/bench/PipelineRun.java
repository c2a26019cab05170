package dev.drpo.cli.bench;

import dev.drpo.cli.policy.ConfigJson;
import dev.drpo.cli.process.FreePorts;
import dev.drpo.cli.process.ProcessFailure;
import dev.drpo.cli.process.Supervisor;
import dev.drpo.cli.run.InstalledServices;
import dev.drpo.cli.run.RunFolder;
import dev.drpo.cli.run.RunPlan;
import dev.drpo.policy.checkpoint.ModelConfig;
import dev.drpo.policy.checkpoint.PolicyInitializer;
import dev.drpo.policy.safetensors.ElementType;
import dev.drpo.runtime.config.ConfigLoader;
import dev.drpo.runtime.config.RunConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * A training run of a very small policy with the real learner and reward service, whose groups
 * somebody else provides.
 *
 * @param root the repository
 * @param folder of the run
 * @param id its name
 * @param maxLag its staleness bound
 */
record PipelineRun(Path root, Path folder, String id, int maxLag) {
  static final int STEPS = 4;
  static final int PROMPTS = 128;
  static final int GROUP_SIZE = 8;
  static final int MOST_TOKENS = 8192;

  private static final Duration START_PATIENCE = Duration.ofMinutes(5);
  private static final Duration STOP_PATIENCE = Duration.ofSeconds(20);
  private static final Duration POLL = Duration.ofMillis(500);

  /** Learning from a million tokens of it takes a processor some seconds. */
  private static final ModelConfig SHAPE =
      new ModelConfig(46, 16, 16, 1, 1, 1, 2 * MOST_TOKENS, 10_000, 1e-6, true);

  private static final List<String> TEXTS =
      List.of("tokenizer.json", "tokenizer_config.json", "generation_config.json");

  /** What provides the groups while the run goes on. */
  interface Sampling {
    AutoCloseable start() throws InterruptedException;
  }

  /**
   * Runs to the end.
   *
   * @param broker host:port
   * @return the file of its metrics
   * @throws ProcessFailure if a service ends
   */
  Path complete(String broker, Sampling sampling, Consumer<String> notices) throws Exception {
    Files.createDirectories(folder.resolve("logs"));
    writePolicy();
    RunFolder run = RunFolder.named(folder);
    Files.writeString(run.configuration(), yaml());
    RunConfig config = ConfigLoader.load(run.configuration(), Map.of(), Map.of());
    InstalledServices services =
        InstalledServices.under(root, new RunPlan(run, config, 1), System.getenv());
    try (Supervisor supervisor = new Supervisor(new FreePorts(), STOP_PATIENCE, notices)) {
      supervisor.awaitReady(
          START_PATIENCE,
          List.of(
              supervisor.start(services.reward(broker)),
              supervisor.start(services.learner(broker))));
      try (AutoCloseable _ = sampling.start()) {
        while (!Files.exists(folder.resolve("report.json"))) {
          supervisor.watch(POLL);
        }
      }
    }
    return folder.resolve("metrics.jsonl");
  }

  private void writePolicy() throws IOException {
    Path policy = Files.createDirectories(folder.resolve("starting-policy"));
    Path quickstart = root.resolve("datasets/quickstart/policy");
    for (String text : TEXTS) {
      Files.copy(quickstart.resolve(text), policy.resolve(text));
    }
    ConfigJson.write(policy, SHAPE, ElementType.F32);
    PolicyInitializer.write(policy.resolve("model.safetensors"), SHAPE, 0.02, 0);
  }

  private String yaml() {
    return """
    run: {id: '%s', directory: '%s'}
    policy: {path: '%s'}
    data: {train: '%s'}
    sampling: {temperature: 1, group-size: %d, max-prompt-tokens: 32, max-response-tokens: %d}
    optimizer: {learning-rate: 1.0e-6}
    training:
      steps: %d
      prompts-per-step: %d
      mini-batches-per-step: 4
      max-lag: %d
      tokens-per-micro-batch: 16384
      checkpoint-every: %d
    evaluation: {problems: 0}
    """
        .formatted(
            id,
            folder,
            folder.resolve("starting-policy"),
            root.resolve("datasets/quickstart/train.jsonl"),
            GROUP_SIZE,
            MOST_TOKENS,
            STEPS,
            PROMPTS,
            maxLag,
            STEPS);
  }
}
