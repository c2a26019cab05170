package dev.drpo.cli.process;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.function.IntSupplier;

/**
 * Chooses TCP ports that a service can have again after it was killed. They lie below the range
 * that systems take a connection's own port from: clients that look for a killed service would else
 * take its port sooner or later, even by a connection to itself.
 */
public final class SteadyPorts implements IntSupplier {
  private static final int FIRST = 20_000;
  private static final int END = 32_000;
  private static final int ATTEMPTS = 1_000;

  private final Set<Integer> chosen = new HashSet<>();
  private final Random random = new Random();

  @Override
  public int getAsInt() {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      int port = random.nextInt(FIRST, END);
      if (isFree(port) && chosen.add(port)) {
        return port;
      }
    }
    throw new IllegalStateException(
        "no free TCP port from %d to %d on the loopback interface".formatted(FIRST, END - 1));
  }

  private static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1);
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
