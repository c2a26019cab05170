package dev.drpo.testkit;

import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A real broker for the tests of one class, up before anything of the class runs. */
public final class BrokerExtension implements BeforeAllCallback, AfterAllCallback {
  private TestBroker broker;

  @Override
  public void beforeAll(ExtensionContext context) {
    broker = TestBroker.start();
  }

  @Override
  public void afterAll(ExtensionContext context) {
    broker.close();
  }

  /** Its address, as host:port. */
  public String bootstrapServers() {
    return broker.bootstrapServers();
  }
}
