package dev.drpo.cli.quickstart;

import dev.drpo.runtime.process.JavaCommand;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The packaged rollout service as the engine of another process. */
final class EngineProcess implements AutoCloseable {
  private static final int HEAP_MEGABYTES = 384;

  private final Process process;
  private final String address;

  private EngineProcess(Process process, String address) {
    this.process = process;
    this.address = address;
  }

  /**
   * Starts it; whoever uses it waits until it is there.
   *
   * @param log where its output goes
   */
  static EngineProcess start(Path configuration, Path log) throws IOException {
    Path root = DrpoProcess.root();
    Path application = root.resolve("rollout-service/target/quarkus-app/quarkus-run.jar");
    int port = freePort();
    ProcessBuilder builder =
        new ProcessBuilder(
                new JavaCommand(
                        HEAP_MEGABYTES,
                        List.of("--add-modules=jdk.incubator.vector"),
                        List.of("-jar", application.toString()))
                    .words())
            .directory(root.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("DRPO_"));
    builder
        .environment()
        .putAll(
            Map.of(
                "DRPO_PRESET", "quickstart",
                "DRPO_CONFIG", configuration.toString(),
                "DRPO_ROLLOUT_ENGINE_API", "true",
                "QUARKUS_HTTP_HOST", "127.0.0.1",
                "QUARKUS_HTTP_PORT", String.valueOf(port),
                "QUARKUS_GRPC_SERVER_HOST", "127.0.0.1",
                "QUARKUS_GRPC_SERVER_PORT", String.valueOf(freePort()),
                "OMP_NUM_THREADS", "1",
                "OPT_OUT_TRACKING", "true"));
    return new EngineProcess(builder.start(), "127.0.0.1:" + port);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** Where it listens. */
  String address() {
    return address;
  }

  boolean isAlive() {
    return process.isAlive();
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}
