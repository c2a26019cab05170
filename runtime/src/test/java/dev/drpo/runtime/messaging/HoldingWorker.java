package dev.drpo.runtime.messaging;

import dev.drpo.proto.records.v1.PromptTask;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** A worker process that takes records, says so and never finishes them; for tests that kill it. */
final class HoldingWorker {
  private HoldingWorker() {}

  static Process start(Messaging messaging, int leases) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx256m",
            "-cp",
            System.getProperty("java.class.path"),
            HoldingWorker.class.getName(),
            messaging.run(),
            messaging.kafka().bootstrapServers(),
            Integer.toString(messaging.kafka().leaseSeconds()),
            Integer.toString(leases))
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  public static void main(String[] args) throws InterruptedException {
    int leases = Integer.parseInt(args[3]);
    TestRun run = TestRun.named(args[0], "victim", args[1], Integer.parseInt(args[2]), 5);
    try (WorkQueue<PromptTask> queue = run.openPrompts(leases)) {
      for (int i = 0; i < leases; i++) {
        TestRun.take(queue);
      }
      System.out.println("HOLDING " + leases);
      System.out.flush();
      new CountDownLatch(1).await();
    }
  }
}
