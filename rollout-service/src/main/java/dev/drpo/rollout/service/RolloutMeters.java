package dev.drpo.rollout.service;

import dev.drpo.generation.SamplingEngine;
import dev.drpo.rollout.weights.WeightListener;
import dev.drpo.rollout.work.PromptLoop;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.inject.Singleton;
import java.time.Duration;

/** The engine's figures as metrics. */
@Singleton
public class RolloutMeters implements WeightListener {
  private final MeterRegistry registry;
  private final Timer weightDelay;
  private final Timer firstTokenDelay;
  private final Timer snapshotTime;
  private final Counter snapshotBytes;
  private final Timer patchTime;
  private final Counter patchBytes;
  private final Counter setbacks;

  RolloutMeters(MeterRegistry registry) {
    this.registry = registry;
    this.weightDelay =
        Timer.builder("drpo.rollout.weights.delay")
            .description("Time from the announcement of weights to their use")
            .register(registry);
    this.firstTokenDelay =
        Timer.builder("drpo.rollout.weights.first.token.delay")
            .description("Time from the announcement of weights to the first token drawn with them")
            .register(registry);
    this.snapshotTime =
        Timer.builder("drpo.rollout.weights.snapshot.time")
            .description("Time to fetch and verify a snapshot of the weights")
            .register(registry);
    this.snapshotBytes =
        Counter.builder("drpo.rollout.weights.snapshot.bytes")
            .description("Bytes of fetched snapshots")
            .register(registry);
    this.patchTime =
        Timer.builder("drpo.rollout.weights.patch.time")
            .description("Time to apply patches of the weights and to verify the result")
            .register(registry);
    this.patchBytes =
        Counter.builder("drpo.rollout.weights.patch.bytes")
            .description("Bytes of applied patches")
            .register(registry);
    this.setbacks =
        Counter.builder("drpo.rollout.weights.setbacks")
            .description("Updates of the weights, or parts of them, that were of no use or failed")
            .register(registry);
  }

  @Override
  public void fetched(long bytes, Duration time) {
    snapshotBytes.increment(bytes);
    snapshotTime.record(time);
  }

  @Override
  public void patched(long bytes, Duration time) {
    patchBytes.increment(bytes);
    patchTime.record(time);
  }

  @Override
  public void setBack() {
    setbacks.increment();
  }

  @Override
  public void firstToken(Duration sinceAnnounced) {
    firstTokenDelay.record(sinceAnnounced);
  }

  @Override
  public void inUse(Duration sinceAnnounced) {
    weightDelay.record(sinceAnnounced);
  }

  void observe(PromptLoop prompts) {
    FunctionCounter.builder("drpo.rollout.idle.seconds", prompts, PromptLoop::idleSeconds)
        .description("Time without anything to sample: no task, or not yet the weights for one")
        .register(registry);
  }

  void observe(SamplingEngine engine) {
    FunctionCounter.builder("drpo.rollout.tokens", engine, e -> e.status().tokens())
        .description("Tokens drawn")
        .register(registry);
    FunctionCounter.builder("drpo.rollout.groups", engine, e -> e.status().groups())
        .description("Groups completed")
        .register(registry);
    Gauge.builder("drpo.rollout.rows.live", engine, e -> e.status().liveRows())
        .description("Responses being decoded")
        .register(registry);
    Gauge.builder("drpo.rollout.rows.waiting", engine, e -> e.status().waitingRows())
        .description("Responses being decoded that wait for a page of the KV cache")
        .register(registry);
    Gauge.builder("drpo.rollout.kv.positions", engine, e -> e.status().positions())
        .description("Positions of the KV cache that responses have taken")
        .register(registry);
    Gauge.builder("drpo.rollout.groups.waiting", engine, e -> e.status().waitingGroups())
        .description("Groups that wait for slots or weights")
        .register(registry);
    Gauge.builder("drpo.rollout.weights.step", engine, e -> e.status().version().step())
        .description("Step of the weights in use")
        .register(registry);
    for (String fault : engine.status().unusable().keySet()) {
      FunctionCounter.builder(
              "drpo.rollout.answers.unusable", engine, e -> e.status().unusable().get(fault))
          .tag("fault", fault)
          .description("Answers of an engine in another process that were asked for again")
          .register(registry);
    }
    TokenRate rate = new TokenRate(System::nanoTime);
    Gauge.builder(
            "drpo.rollout.tokens.per.second", engine, e -> rate.perSecond(e.status().tokens()))
        .strongReference(true)
        .description("Tokens drawn per second since the previous reading, over 5 seconds or more")
        .register(registry);
  }
}
