package dev.drpo.generation;

import dev.drpo.policy.checkpoint.PolicyVersion;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.stream.IntStream;
import org.jboss.logging.Logger;

/**
 * Samples groups of responses. Platform threads own what is live, each in slots of its own; the
 * outside talks to them through a queue of groups and the buffers of the weights. Safe for use by
 * many threads.
 */
public final class GenerationEngine implements SamplingEngine {
  private static final Logger LOG = Logger.getLogger(GenerationEngine.class);

  private final EngineSettings settings;
  private final WaitingGroups waiting;
  private final PolicyBuffers buffers;
  private final List<DecodeThread> threads;
  private volatile String failure;

  private GenerationEngine(EngineSettings settings) {
    this.settings = settings;
    int count = settings.compute().engines();
    this.waiting = new WaitingGroups(count);
    this.buffers = PolicyBuffers.start(new TensorLoading(settings), waiting::changed);
    this.threads =
        IntStream.range(0, count)
            .mapToObj(index -> new DecodeThread(index, settings, waiting, buffers, this::died))
            .toList();
  }

  /**
   * Starts an engine and returns once its policy is loaded and its KV caches are allocated.
   *
   * @throws dev.drpo.policy.PolicyFormatException if the weights do not fit the architecture
   */
  public static GenerationEngine start(EngineSettings settings) {
    GenerationEngine engine = new GenerationEngine(settings);
    try {
      engine.threads.stream().map(DecodeThread::start).toList().forEach(start -> start.join());
      return engine;
    } catch (CompletionException e) {
      engine.close();
      throw e.getCause() instanceof RuntimeException refused ? refused : e;
    }
  }

  @Override
  public GroupSampling submit(GroupRequest request, ResponseListener listener) {
    settings.limits().refuseUnfit(request);
    RunningGroup group = new RunningGroup(request, listener);
    waiting.add(group);
    var _ =
        group
            .result()
            .whenComplete(
                (sampled, cancelled) -> {
                  if (cancelled != null) {
                    waiting.changed();
                  }
                });
    return group.result();
  }

  /** The weights are loaded beside those in use. */
  @Override
  public WeightUpdate offer(PolicyVersion version, Path file) {
    WeightUpdate update = new WeightUpdate(version, file);
    buffers.offer(update);
    return update;
  }

  /** As of the last steps of its threads. */
  @Override
  public EngineStatus status() {
    List<EngineCounters> counters = threads.stream().map(DecodeThread::counters).toList();
    long decodable = counters.stream().mapToLong(EngineCounters::decodableTokens).sum();
    long decoded = counters.stream().mapToLong(EngineCounters::decodedTokens).sum();
    return new EngineStatus(
        counters.stream()
            .map(EngineCounters::version)
            .min(Comparator.comparingLong(PolicyVersion::step))
            .orElseThrow(),
        counters.stream().mapToInt(EngineCounters::liveRows).sum(),
        counters.stream().mapToInt(EngineCounters::waitingRows).sum(),
        counters.stream().mapToLong(EngineCounters::positions).sum(),
        counters.stream().mapToLong(EngineCounters::mostPositions).sum(),
        waiting.size(),
        counters.stream().mapToLong(EngineCounters::tokens).sum(),
        counters.stream().mapToLong(EngineCounters::groups).sum(),
        decodable == 0 ? 0 : (double) decoded / decodable,
        counters.stream().allMatch(EngineCounters::isIdle),
        counters.stream()
            .filter(one -> !one.isIdle())
            .map(EngineCounters::sinceProgress)
            .max(Comparator.naturalOrder())
            .orElse(Duration.ZERO),
        Map.of(),
        Optional.empty(),
        Optional.ofNullable(failure));
  }

  @Override
  public EngineLimits limits() {
    return settings.limits();
  }

  /** Stops after the current step and fails every group that is not complete. */
  @Override
  public void close() {
    stop(new EngineStoppedException("this replica is stopping; another one takes the group", null));
    threads.forEach(DecodeThread::join);
    buffers.close();
  }

  private void died(Throwable cause) {
    LOG.error("the generation engine died; this replica has to be restarted", cause);
    failure = cause.toString();
    stop(new EngineStoppedException("the generation engine died: " + cause, cause));
  }

  private void stop(EngineStoppedException cause) {
    waiting.stop(cause);
    buffers.stop(cause);
    threads.forEach(thread -> thread.stop(cause));
  }
}
