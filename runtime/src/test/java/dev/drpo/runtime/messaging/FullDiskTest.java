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
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
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
  private static final int TASKS = 60;

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
    try (Publisher publisher = Publisher.open(run.messaging())) {
      List<CompletableFuture<RecordPosition>> published = new ArrayList<>();
      Process broker = start(port);
      try {
        new TopicProvisioner(run.messaging()).provision(PATIENCE);
        publisher.publish(run.prompts(), "first", task(run, 0)).get(60, TimeUnit.SECONDS);
        fill(disk.resolve("ballast"));
        for (int i = 1; i < TASKS; i++) {
          published.add(publisher.publish(run.prompts(), "task", task(run, i)));
        }
        assertThat(broker.waitFor()).isNotZero();
        assertThat(Files.readString(said))
            .contains("the broker stops at once", disk.toString(), "make room there");
      } finally {
        broker.destroyForcibly();
      }
      Files.delete(disk.resolve("ballast"));
      broker = start(port);
      try {
        for (CompletableFuture<RecordPosition> each : published) {
          each.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }
        assertThat(names(run))
            .containsExactlyElementsOf(
                IntStream.range(0, TASKS).mapToObj(i -> "task-" + i).toList());
      } finally {
        broker.destroyForcibly().waitFor();
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

  private static List<String> names(TestRun run) throws InterruptedException {
    List<String> names = new ArrayList<>();
    try (RecordLog<PromptTask> log =
        RecordLog.open(run.messaging(), run.prompts(), PromptTask.parser(), Map.of(), PATIENCE)) {
      Await.until(
          "all tasks",
          () -> {
            log.poll(Duration.ofMillis(200))
                .forEach(entry -> names.add(entry.value().getId().getPrompt()));
            return names.size() >= TASKS;
          });
    }
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
