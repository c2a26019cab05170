package dev.drpo.runtime.messaging;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.drpo.proto.records.v1.PromptTask;
import dev.drpo.proto.records.v1.RolloutGroup;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * A worker process that answers every task with an empty group, and says what it does. It holds a
 * task named "held" until a line comes to its standard input.
 */
final class EchoWorker implements AutoCloseable {
  static final String HELD = "held";

  private final Process process;
  private final BufferedReader said;

  private EchoWorker(Process process) {
    this.process = process;
    this.said = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
  }

  static EchoWorker start(Messaging messaging) throws IOException {
    return new EchoWorker(
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                EchoWorker.class.getName(),
                messaging.run(),
                messaging.kafka().bootstrapServers(),
                Integer.toString(messaging.kafka().leaseSeconds()))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start());
  }

  /** Waits until it says a line. */
  void awaitSaid(String line) throws IOException {
    for (String read = said.readLine(); read != null; read = said.readLine()) {
      if (read.equals(line)) {
        return;
      }
    }
    throw new AssertionError("the worker ended before it said " + line);
  }

  /** Lets the held task go on. */
  void goOn() throws IOException {
    process.getOutputStream().write('\n');
    process.getOutputStream().flush();
  }

  /** Sends it a signal: STOP, or CONT. */
  void signal(String name) throws IOException, InterruptedException {
    int status =
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
    if (status != 0) {
      throw new IOException("kill -" + name + " ended with " + status);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }

  public static void main(String[] args) throws Exception {
    TestRun run = TestRun.named(args[0], "echo", args[1], Integer.parseInt(args[2]), 5);
    BufferedReader orders = new BufferedReader(new InputStreamReader(System.in, UTF_8));
    try (Publisher publisher = Publisher.open(run.messaging());
        WorkQueue<PromptTask> queue = run.openPrompts(1)) {
      while (true) {
        Optional<Lease<PromptTask>> taken = queue.take(Duration.ofSeconds(1));
        if (taken.isEmpty()) {
          continue;
        }
        Lease<PromptTask> lease = taken.get();
        String name = TestRun.name(lease);
        say("TOOK " + name);
        if (name.equals(HELD)) {
          orders.readLine();
        }
        RolloutGroup group =
            RolloutGroup.newBuilder().setId(lease.value().getId()).setReplica("echo").build();
        publisher.publish(run.messaging().topics().rollouts(), name, group).get();
        lease.complete();
        say("DONE " + name);
      }
    }
  }

  private static void say(String line) {
    System.out.println(line);
    System.out.flush();
  }
}
