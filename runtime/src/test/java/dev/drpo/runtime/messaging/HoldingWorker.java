package dev.drpo.runtime.messaging;

import dev.drpo.proto.records.v1.PromptTask;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/**
 * A worker process that finishes some records, takes others and says so; for tests that kill it.
 */
final class HoldingWorker {
  private HoldingWorker() {}

  static Process start(Messaging messaging, int capacity, int finished, int held)
      throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx256m",
            "-cp",
            System.getProperty("java.class.path"),
            HoldingWorker.class.getName(),
            messaging.run(),
            messaging.kafka().bootstrapServers(),
            Integer.toString(messaging.kafka().leaseSeconds()),
            Integer.toString(capacity),
            Integer.toString(finished),
            Integer.toString(held))
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  public static void main(String[] args) throws InterruptedException {
    int held = Integer.parseInt(args[5]);
    TestRun run = TestRun.named(args[0], "victim", args[1], Integer.parseInt(args[2]), 5);
    try (WorkQueue<PromptTask> queue = run.openPrompts(Integer.parseInt(args[3]))) {
      for (int i = 0; i < Integer.parseInt(args[4]); i++) {
        TestRun.take(queue).complete();
      }
      for (int i = 0; i < held; i++) {
        TestRun.take(queue);
      }
      System.out.println("HOLDING " + held);
      System.out.flush();
      new CountDownLatch(1).await();
    }
  }
}
