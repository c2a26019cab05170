package dev.drpo.rollout.service;

import dev.drpo.generation.EngineStatus;
import dev.drpo.rollout.RolloutReplica;
import dev.drpo.rollout.weights.WeightFollower;
import dev.drpo.rollout.weights.WeightState;
import dev.drpo.rollout.work.PromptLoop;
import dev.drpo.runtime.messaging.BrokerProbe;
import dev.drpo.runtime.messaging.Messaging;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Optional;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;
import org.eclipse.microprofile.health.Readiness;

/**
 * Readiness: the model is loaded, the broker answers and has the run's topics, tasks are taken, the
 * weights are current in the sense of {@link WeightState#ready}, and the engine samples: one of
 * another process answers and holds the weights that it was given. Liveness: the engine lives, and
 * is idle or has ended a step lately. The engine of another process has no broker and no log.
 */
@Singleton
class RolloutHealth {
  private static final Duration PROBE_DEADLINE = Duration.ofSeconds(2);

  /** Above the longest step, which is the prefill of a long prompt by a large policy on a CPU. */
  private static final Duration LONGEST_STEP = Duration.ofMinutes(5);

  private final RolloutLifecycle lifecycle;
  private final BrokerProbe broker;

  RolloutHealth(RolloutLifecycle lifecycle, Messaging messaging) {
    this.lifecycle = lifecycle;
    this.broker = BrokerProbe.open(messaging);
  }

  @PreDestroy
  void close() {
    broker.close();
  }

  @Readiness
  HealthCheck model() {
    return () -> HealthCheckResponse.named("model").status(lifecycle.replica().isPresent()).build();
  }

  @Readiness
  HealthCheck broker() {
    return () -> {
      if (servesAnother()) {
        return up("broker", "none is needed: another process asks this one");
      }
      Optional<String> obstacle = broker.obstacle(PROBE_DEADLINE);
      boolean consuming =
          lifecycle
              .replica()
              .flatMap(RolloutReplica::prompts)
              .map(PromptLoop::isConsuming)
              .orElse(false);
      return HealthCheckResponse.named("broker")
          .withData(
              "state",
              obstacle.orElse(consuming ? "tasks are taken" : "no tasks are taken at the moment"))
          .status(consuming && obstacle.isEmpty())
          .build();
    };
  }

  @Readiness
  HealthCheck weights() {
    return () -> {
      if (servesAnother()) {
        return up("weights", "another process gives them");
      }
      Optional<WeightState> state =
          lifecycle.replica().flatMap(RolloutReplica::weights).map(WeightFollower::state);
      return HealthCheckResponse.named("weights")
          .withData("state", state.map(Object::toString).orElse("no policy is loaded"))
          .status(state.map(WeightState::ready).orElse(false))
          .build();
    };
  }

  @Readiness
  HealthCheck sampler() {
    return () -> {
      Optional<String> obstacle =
          lifecycle.replica().flatMap(replica -> replica.engine().status().obstacle());
      return HealthCheckResponse.named("sampler")
          .withData("state", obstacle.orElse("nothing stands in the way"))
          .status(obstacle.isEmpty())
          .build();
    };
  }

  private boolean servesAnother() {
    return lifecycle.replica().flatMap(RolloutReplica::control).isPresent();
  }

  private static HealthCheckResponse up(String name, String state) {
    return HealthCheckResponse.named(name).withData("state", state).up().build();
  }

  @Liveness
  HealthCheck engine() {
    return () -> {
      Optional<EngineStatus> status =
          lifecycle.replica().map(RolloutReplica::engine).map(e -> e.status());
      return HealthCheckResponse.named("engine")
          .status(status.map(RolloutHealth::progresses).orElse(true))
          .build();
    };
  }

  private static boolean progresses(EngineStatus status) {
    return status.failure().isEmpty()
        && (status.idle() || status.sinceProgress().compareTo(LONGEST_STEP) < 0);
  }
}
