package dev.drpo.runtime.messaging;

import dev.drpo.runtime.config.RunConfig;
import dev.drpo.runtime.process.Threads;
import dev.drpo.runtime.tracing.Tracing;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;

/**
 * Who this process is on the broker: everything that queues, logs and publishers have in common.
 *
 * @param run id of the run
 * @param service name of the service and replica, as dead letters and client ids carry it
 * @param kafka broker address and leases
 * @param topics names of the run's topics
 * @param clock source of the time stamps in dead letters; leases are paced by a monotonic clock
 * @param clients what reaches the broker
 * @param threads of this process
 * @param tracing takes note of what becomes of groups
 */
public record Messaging(
    String run,
    String service,
    RunConfig.Kafka kafka,
    Topics topics,
    InstantSource clock,
    Clients clients,
    Threads threads,
    Tracing tracing) {

  /** A process that is not traced. */
  public Messaging(
      String run,
      String service,
      RunConfig.Kafka kafka,
      Topics topics,
      InstantSource clock,
      Clients clients,
      Threads threads) {
    this(run, service, kafka, topics, clock, clients, threads, Tracing.OFF);
  }

  /** A process with threads of its own, on Kafka. */
  public Messaging(
      String run, String service, RunConfig.Kafka kafka, Topics topics, InstantSource clock) {
    this(run, service, kafka, topics, clock, Clients.ofKafka(), Threads.ofPlatform());
  }

  /**
   * A process of a run.
   *
   * @throws dev.drpo.runtime.config.ConfigException if {@code kafka.client-properties} can't be
   *     honoured
   */
  public static Messaging of(RunConfig config, String service, InstantSource clock) {
    ClientProperties.read(config.kafka().clientProperties());
    String run = config.run().id();
    return new Messaging(run, service, config.kafka(), Topics.of(run), clock);
  }

  /** The same process, traced. */
  public Messaging with(Tracing other) {
    return new Messaging(run, service, kafka, topics, clock, clients, threads, other);
  }

  /**
   * Client settings that every client of this process shares.
   *
   * @throws dev.drpo.runtime.config.ConfigException if the user's own can't be honoured
   */
  Map<String, Object> clientSettings(String role) {
    Map<String, Object> settings = new HashMap<>(ClientProperties.read(kafka.clientProperties()));
    RenewedTls.addTo(settings, kafka.clientProperties());
    settings.put("bootstrap.servers", kafka.bootstrapServers());
    settings.put("client.id", service + "." + role);
    return settings;
  }
}
