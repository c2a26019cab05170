package dev.drpo.runtime.messaging;

import static dev.drpo.runtime.messaging.TestRun.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.drpo.broker.BrokerMain;
import dev.drpo.proto.records.v1.PromptTask;
import dev.drpo.testkit.Await;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A broker process on a file system of its own, which others fill. */
@Timeout(300)
class FullDiskTest {
  private static final int MEBIBYTE = 1 << 20;
  private static final int TASKS = 40;

  @TempDir Path folder;
  private Path disk;
  private Path said;

  @BeforeEach
  void mount() throws Exception {
    disk = Files.createDirectory(folder.resolve("disk"));
    said = folder.resolve("said");
    Assumptions.assumeTrue(
        succeeds("mount", "-t", "tmpfs", "-o", "size=64m", "drpo-test", disk.toString()),
        "a small file system needs a user who may mount one");
  }

  @AfterEach
  void unmount() throws Exception {
    succeeds("umount", disk.toString());
  }

  @Test
  void aBrokerWhoseDiskIsFullSaysSoAndGoesOnWithEveryRecordOnceThereIsRoom() throws Exception {
    int port = freePort();
    TestRun run = TestRun.named("full-disk", "tester", "127.0.0.1:" + port, 30, 5);
    Process broker = start(port);
    try (Publisher publisher = Publisher.open(run.messaging());
        ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor()) {
      new TopicProvisioner(run.messaging()).provision(PATIENCE);
      List<Future<RecordPosition>> confirmed = new ArrayList<>();
      confirmed.add(publisher.publish(run.prompts(), "task", task(run, 0)));
      confirmed.getFirst().get(60, TimeUnit.SECONDS);
      fill(disk.resolve("ballast"));
      for (int i = 1; i < TASKS; i++) {
        PromptTask task = task(run, i);
        confirmed.add(workers.submit(() -> publishUntilTaken(publisher, run, task)));
      }
      assertThat(broker.waitFor()).isNotZero();
      assertThat(read(said)).contains("the broker stops at once", disk.toString(), "make room");

      Files.delete(disk.resolve("ballast"));
      broker = start(port);
      Map<Long, String> names = new HashMap<>();
      for (int i = 0; i < TASKS; i++) {
        RecordPosition position = confirmed.get(i).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        names.put(position.offset(), "task-" + i);
      }
      assertThat(records(run, names.keySet())).isEqualTo(names);
    } finally {
      broker.destroyForcibly().waitFor();
    }
  }

  /** As workers do, who give back what they can't publish, and are given it again. */
  private static RecordPosition publishUntilTaken(Publisher publisher, TestRun run, PromptTask task)
      throws InterruptedException {
    while (true) {
      try {
        return publisher.publish(run.prompts(), "task", task).get();
      } catch (ExecutionException e) {
        assertThat(e.getCause()).isInstanceOf(MessagingException.class);
      }
    }
  }

  private Process start(int port) throws IOException {
    Process broker =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                BrokerMain.class.getName(),
                "--log-dir",
                disk.resolve("broker").toString(),
                "--port",
                Integer.toString(port))
            .redirectErrorStream(true)
            .redirectOutput(said.toFile())
            .start();
    Await.until(
        "a broker that is ready",
        () -> {
          assertThat(broker.isAlive()).as(() -> "the broker says " + read(said)).isTrue();
          return read(said).contains("READY");
        });
    return broker;
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static PromptTask task(TestRun run, int number) {
    byte[] filler = new byte[MEBIBYTE / 4];
    new Random(number).nextBytes(filler);
    return run.task("task-" + number).toBuilder()
        .putMetadata("filler", HexFormat.of().formatHex(filler))
        .build();
  }

  private static void fill(Path file) throws IOException {
    try (OutputStream out = Files.newOutputStream(file)) {
      byte[] block = new byte[4096];
      while (true) {
        out.write(block);
      }
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("No space left");
    }
  }

  /** The names of the tasks at some offsets. */
  private static Map<Long, String> records(TestRun run, Set<Long> offsets)
      throws InterruptedException {
    Map<Long, String> names = new HashMap<>();
    try (RecordLog<PromptTask> log =
        RecordLog.open(run.messaging(), run.prompts(), PromptTask.parser(), Map.of(), PATIENCE)) {
      Await.until(
          "all records",
          () -> {
            log.poll(Duration.ofMillis(200))
                .forEach(entry -> names.put(entry.offset(), entry.value().getId().getPrompt()));
            return names.keySet().containsAll(offsets);
          });
    }
    names.keySet().retainAll(offsets);
    return names;
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      return socket.getLocalPort();
    }
  }

  private static boolean succeeds(String... command) throws IOException, InterruptedException {
    try {
      return new ProcessBuilder(command).start().waitFor() == 0;
    } catch (IOException e) {
      return false;
    }
  }
}
