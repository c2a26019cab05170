package dev.drpo.simulation.broker;

import dev.drpo.simulation.machine.Host;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.errors.InterruptException;

/** How clients wait, as Kafka's do: an interrupt becomes an exception of theirs. */
record Waiting(Host host, Broker broker) {
  /** Waits for an answer of the broker to be on its way for as long as such a way takes. */
  void travel() {
    try {
      host.threads().sleep(broker.latency());
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
  }

  /** Waits for something for a while; tells whether it has happened. */
  boolean await(CompletableFuture<?> event, Duration patience) {
    try {
      host.threads().get(event, patience);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("events complete normally", e);
    }
  }

  /** Waits for a broker that is away; tells whether it came back in time. */
  boolean awaitBroker(Duration patience) {
    long deadline = host.threads().nanoTime() + patience.toNanos();
    while (!broker.isUp()) {
      Duration left = Duration.ofNanos(deadline - host.threads().nanoTime());
      if (!left.isPositive() || !await(broker.state().next(), left)) {
        return broker.isUp();
      }
    }
    return true;
  }
}
