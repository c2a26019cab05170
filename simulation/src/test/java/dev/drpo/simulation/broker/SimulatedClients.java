package dev.drpo.simulation.broker;

import dev.drpo.runtime.messaging.Clients;
import dev.drpo.runtime.messaging.Messaging;
import dev.drpo.simulation.machine.Host;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ShareConsumer;
import org.apache.kafka.clients.producer.Producer;

/**
 * Clients of the simulated broker, which end with their host.
 *
 * @param host whose they are
 * @param broker that they reach
 */
public record SimulatedClients(Host host, Broker broker) implements Clients {
  @Override
  public ShareConsumer<byte[], byte[]> shareConsumer(Map<String, Object> settings) {
    return new SimulatedShareConsumer(host, broker, (String) settings.get("group.id"));
  }

  @Override
  public Consumer<byte[], byte[]> consumer(Map<String, Object> settings) {
    return new SimulatedConsumer(host, broker);
  }

  @Override
  public Producer<byte[], byte[]> producer(Map<String, Object> settings) {
    return new SimulatedProducer(host, broker);
  }

  @Override
  public Admin admin(Map<String, Object> settings) {
    return SimulatedAdmin.of(host, broker);
  }

  @Override
  public void awaitTopics(Messaging messaging, Runnable round) throws InterruptedException {
    round.run();
    while (!broker.isUp()) {
      messaging.threads().sleep(broker.chance().millis(1, 500));
    }
    broker.provision();
  }
}
