package dev.drpo.reward;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Map;

/** An address for a remote judge, where nobody listens before the test does. */
public final class RemoteJudgeResource implements QuarkusTestResourceLifecycleManager {
  /** Property that holds the address. */
  public static final String ADDRESS = "test.remote-judge";

  @Override
  public Map<String, String> start() {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return Map.of(ADDRESS, "127.0.0.1:" + free.getLocalPort());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void stop() {}
}
