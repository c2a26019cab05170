package dev.drpo.reward.grpc;

import dev.drpo.reward.RewardMeters;
import dev.drpo.reward.call.Admission;
import dev.drpo.reward.call.RefusedException;
import dev.drpo.reward.call.Workers;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerStreamTracer;
import io.quarkus.grpc.GlobalInterceptor;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Gives every call its {@link Intake}, and knows how many are under way, since the server ends
 * without waiting for them.
 */
@Singleton
@GlobalInterceptor
class Intakes extends ServerStreamTracer.Factory implements ServerInterceptor {
  private static final Duration LONGEST_MESSAGE = Duration.ofSeconds(30);
  private static final String HEALTH = "grpc.health.";

  /** A probe's message holds the name of a service. */
  private static final int LARGEST_PROBE = 1 << 10;

  /** Probes have room of their own, since a service that is busy is well. */
  private static final int PROBES_BYTES = 1 << 20;

  private final Admission admission;
  private final Admission probes;
  private final Workers workers;
  private final int largestMessage;
  private final Duration longestStop;
  private int underWay;
  private boolean stopping;

  Intakes(
      Admission admission,
      RewardMeters meters,
      Workers workers,
      @ConfigProperty(name = "quarkus.grpc.server.max-inbound-message-size") int largestMessage,
      @ConfigProperty(name = "quarkus.shutdown.timeout") Duration longestStop) {
    this.admission = admission;
    this.probes = new Admission(PROBES_BYTES, 0, meters);
    this.workers = workers;
    this.largestMessage = largestMessage;
    this.longestStop = longestStop;
  }

  @Override
  public ServerStreamTracer newServerStreamTracer(String method, Metadata headers) {
    if (method.startsWith(HEALTH)) {
      return intake(probes, LARGEST_PROBE, () -> {});
    }
    Intake intake = intake(admission, largestMessage, this::end);
    begin(intake);
    return intake;
  }

  @Override
  public <Q, R> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
    Intake intake = Intake.current();
    ServerCall<Q, R> begun = intake.begin(call);
    return intake.isRefused() ? new ServerCall.Listener<>() {} : next.startCall(begun, headers);
  }

  /** Lets the calls under way come to their ends. */
  synchronized void drain(@Observes ShutdownEvent event) throws InterruptedException {
    stopping = true;
    long end = System.nanoTime() + longestStop.toNanos();
    for (long left = longestStop.toMillis();
        underWay > 0 && left > 0;
        left = Duration.ofNanos(end - System.nanoTime()).toMillis()) {
      wait(left);
    }
  }

  private Intake intake(Admission room, int largest, Runnable whenClosed) {
    return new Intake(room, largest, LONGEST_MESSAGE, workers.timers(), whenClosed);
  }

  private synchronized void begin(Intake intake) {
    underWay++;
    if (stopping) {
      intake.refuse(RefusedException.stopping());
    }
  }

  private synchronized void end() {
    underWay--;
    notifyAll();
  }
}
