package dev.drpo.runtime.messaging;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.common.KafkaException;

/**
 * Answers whether the broker is reachable, for readiness. One connection is kept between questions.
 * Safe for use by many threads.
 */
public final class BrokerProbe implements AutoCloseable {
  private final Map<String, Object> settings;
  private Admin admin;

  private BrokerProbe(Map<String, Object> settings) {
    this.settings = settings;
  }

  public static BrokerProbe open(Messaging messaging) {
    return new BrokerProbe(messaging.clientSettings("probe"));
  }

  /** True if a broker answers within the deadline. */
  public boolean reachable(Duration deadline) {
    try {
      return !admin()
          .describeCluster(
              new DescribeClusterOptions().timeoutMs(Math.toIntExact(deadline.toMillis())))
          .nodes()
          .get(deadline.toMillis(), TimeUnit.MILLISECONDS)
          .isEmpty();
    } catch (ExecutionException | TimeoutException | KafkaException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Opened on demand, since a client can't be opened while the broker's name does not resolve. */
  private synchronized Admin admin() {
    if (admin == null) {
      admin = Admin.create(settings);
    }
    return admin;
  }

  @Override
  public synchronized void close() {
    if (admin != null) {
      admin.close(Duration.ofSeconds(1));
    }
  }
}
