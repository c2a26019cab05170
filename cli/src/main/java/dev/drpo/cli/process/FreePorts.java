package dev.drpo.cli.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.Set;
import java.util.function.IntSupplier;

/**
 * Chooses TCP ports that nobody listens on, each at most once. Somebody else may take a port before
 * the service binds it; the {@link Supervisor} then tries another one.
 */
public final class FreePorts implements IntSupplier {
  private final Set<Integer> chosen = new HashSet<>();

  @Override
  public int getAsInt() {
    while (true) {
      try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        if (chosen.add(socket.getLocalPort())) {
          return socket.getLocalPort();
        }
      } catch (IOException e) {
        throw new UncheckedIOException("no free TCP port on the loopback interface", e);
      }
    }
  }
}
