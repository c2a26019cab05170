package dev.drpo.rollout.service;

import dev.drpo.runtime.config.ConfigException;
import dev.drpo.runtime.config.RolloutConfig;
import java.net.InetAddress;
import java.net.UnknownHostException;

/** The engine API has no authentication: whoever reaches it can replace the policy. */
final class Loopback {
  private Loopback() {}

  /**
   * Refuses the engine API at an address that others reach.
   *
   * @param host that HTTP is bound to
   */
  static void require(RolloutConfig config, String host) {
    if (config.engineApi() && !isLoopback(host)) {
      throw new ConfigException(
          "rollout.engine-api is true, by which callers replace the policy without being asked who they are, but HTTP listens on %s; set QUARKUS_HTTP_HOST=127.0.0.1"
              .formatted(host));
    }
  }

  private static boolean isLoopback(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }
}
