package dev.drpo.testkit;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** A real broker for the tests of one class of a service, and the files that it needs. */
public class BrokerResource implements QuarkusTestResourceLifecycleManager {
  /** Property that holds the broker's address. */
  public static final String BOOTSTRAP_SERVERS = "test.bootstrap-servers";

  private TestBroker broker;

  @Override
  public final Map<String, String> start() {
    broker = TestBroker.start();
    Map<String, String> properties = new HashMap<>();
    properties.put(BOOTSTRAP_SERVERS, broker.bootstrapServers());
    try {
      properties.putAll(write(broker.folder()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return properties;
  }

  /**
   * Writes what the service needs into a folder that is deleted afterwards.
   *
   * @return properties that tell the tests about it
   */
  protected Map<String, String> write(Path folder) throws IOException {
    return Map.of();
  }

  @Override
  public final void stop() {
    if (broker != null) {
      broker.close();
    }
  }
}
