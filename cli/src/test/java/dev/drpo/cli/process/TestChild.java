package dev.drpo.cli.process;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A program that behaves as its first argument says. */
public final class TestChild {
  private TestChild() {}

  /** The command that runs it. */
  static List<String> command(String... arguments) {
    List<String> words =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx32m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                TestChild.class.getName()));
    words.addAll(Arrays.asList(arguments));
    return words;
  }

  public static void main(String[] arguments) throws Exception {
    switch (arguments[0]) {
      case "serve" -> {
        serve(Integer.parseInt(arguments[1]), Integer.parseInt(arguments[2]));
        ready();
      }
      case "wait" -> ready();
      case "fail" -> {
        System.out.println("reading the data");
        throw new IllegalStateException("train.jsonl, line 7: no gold");
      }
      case "cling" -> {
        Runtime.getRuntime().addShutdownHook(new Thread(TestChild::waitForEver));
        Process grandchild = new ProcessBuilder(command("wait")).start();
        grandchild.inputReader().readLine();
        System.out.println("GRANDCHILD " + grandchild.pid());
        ready();
      }
      default -> throw new IllegalArgumentException(arguments[0]);
    }
    waitForEver();
  }

  private static void ready() {
    System.out.println("READY 127.0.0.1:1");
  }

  private static void serve(int port, int status) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    byte[] body =
        """
        {"status": "DOWN", "checks": [
          {"name": "broker", "status": "UP"}, {"name": "weights", "status": "DOWN"}]}
        """
            .getBytes(StandardCharsets.UTF_8);
    server.createContext(
        "/q/health/ready",
        exchange -> {
          exchange.sendResponseHeaders(status, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
  }

  private static void waitForEver() {
    while (true) {
      try {
        Thread.currentThread().join();
      } catch (InterruptedException e) {
        // Only a kill ends this program.
      }
    }
  }
}
