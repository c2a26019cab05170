package dev.drpo.rollout;

import dev.drpo.generation.SamplingEngine;
import dev.drpo.policy.checkpoint.PolicyFolder;
import dev.drpo.policy.text.PolicyTokenizer;
import dev.drpo.rollout.engineapi.EngineControl;
import dev.drpo.rollout.records.RolloutRecords;
import dev.drpo.rollout.weights.KafkaWeightLog;
import dev.drpo.rollout.weights.WeightFollower;
import dev.drpo.rollout.weights.WeightListener;
import dev.drpo.rollout.work.PromptLoop;
import dev.drpo.rollout.work.TaskSampler;
import dev.drpo.runtime.config.RunConfig;
import dev.drpo.runtime.messaging.Messaging;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * One replica, wired: engine, weights and the prompt loop. Plain Java, so that tests and other
 * programs run the same replica that the service runs.
 */
public final class RolloutReplica implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(RolloutReplica.class);

  private final PolicyTokenizer tokenizer;
  private final RolloutRecords records;
  private final SamplingEngine engine;

  /** None in the engine of another process. */
  private final WeightFollower weights;

  private final PromptLoop prompts;

  /** Only in the engine of another process. */
  private final EngineControl control;

  private RolloutReplica(
      PolicyTokenizer tokenizer,
      RolloutRecords records,
      SamplingEngine engine,
      WeightFollower weights,
      PromptLoop prompts,
      EngineControl control) {
    this.tokenizer = tokenizer;
    this.records = records;
    this.engine = engine;
    this.weights = weights;
    this.prompts = prompts;
    this.control = control;
  }

  /**
   * Loads the starting policy and joins the run. The broker and the learner may still be down.
   *
   * @param updates hears of weight updates
   * @throws dev.drpo.policy.PolicyFormatException if the policy folder can't be used
   * @throws dev.drpo.generation.InsufficientMemoryException if the engine does not fit into memory
   */
  public static RolloutReplica start(
      RunConfig config, Messaging messaging, WeightListener updates) {
    PolicyFolder folder = new PolicyFolder(config.policy().path());
    PolicyTokenizer tokenizer = PolicyTokenizer.load(folder.path());
    RolloutRecords records =
        new RolloutRecords(tokenizer::decode, messaging.service(), messaging.clock());
    SamplingEngine engine;
    try {
      engine = ReplicaEngine.start(config, folder, tokenizer);
    } catch (RuntimeException e) {
      tokenizer.close();
      throw e;
    }
    if (config.rollout().engineApi()) {
      LOG.info(
          "this process is the engine of another one: it takes no tasks and follows no weights");
      return new RolloutReplica(
          tokenizer,
          records,
          engine,
          null,
          null,
          new EngineControl(engine, tokenizer::decode, tokenizer.endOfSequence()));
    }
    WeightFollower weights =
        WeightFollower.start(
            engine,
            folder.weightsFile(),
            () -> KafkaWeightLog.open(messaging),
            config.learner().address(),
            config.tls(),
            messaging.clock(),
            updates);
    PromptLoop prompts =
        PromptLoop.start(
            messaging,
            TaskSampler.of(engine, weights),
            records,
            capacity(config),
            config.rollout().slots());
    return new RolloutReplica(tokenizer, records, engine, weights, prompts, null);
  }

  /** Tasks of the smallest kind that fill the slots, and one that waits for the next free ones. */
  private static int capacity(RunConfig config) {
    int smallestGroup = Math.min(config.sampling().groupSize(), config.evaluation().samples());
    return Math.ceilDiv(config.rollout().slots(), smallestGroup) + 1;
  }

  public PolicyTokenizer tokenizer() {
    return tokenizer;
  }

  public RolloutRecords records() {
    return records;
  }

  public SamplingEngine engine() {
    return engine;
  }

  /**
   * What follows the run's weights; empty in the engine of another process, which is given them.
   */
  public Optional<WeightFollower> weights() {
    return Optional.ofNullable(weights);
  }

  /** What takes the run's tasks; empty in the engine of another process. */
  public Optional<PromptLoop> prompts() {
    return Optional.ofNullable(prompts);
  }

  /** What another process administers its engine by; empty in a replica that takes tasks. */
  public Optional<EngineControl> control() {
    return Optional.ofNullable(control);
  }

  /** Gives unfinished tasks back to the queue and stops. */
  @Override
  public void close() {
    prompts().ifPresent(PromptLoop::close);
    weights().ifPresent(WeightFollower::close);
    engine.close();
    tokenizer.close();
  }
}
