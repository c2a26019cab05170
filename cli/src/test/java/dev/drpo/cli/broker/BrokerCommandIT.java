package dev.drpo.cli.broker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drpo.cli.exit.ExitCode;
import dev.drpo.cli.quickstart.DrpoProcess;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;

/** The packaged command with the packaged broker. */
@Timeout(value = 5, unit = TimeUnit.MINUTES, threadMode = ThreadMode.SEPARATE_THREAD)
class BrokerCommandIT {
  private static final Pattern READY =
      Pattern.compile("broker ready at (127\\.0\\.0\\.1:\\d+), data in (.*?)(?: until then)?; .*");

  /** What a process ends with that was asked to by SIGTERM. */
  private static final int TERMINATED = 128 + 15;

  @TempDir Path folder;

  @Test
  void aNamedFolderCarriesTopicsToTheNextStart() throws Exception {
    Path data = folder.resolve("data");
    try (Running broker = Running.start(folder, "--port", "0", "--data", data.toString())) {
      broker.createTopic("kept");
      assertThat(broker.end()).isEqualTo(TERMINATED);
    }
    try (Running broker = Running.start(folder, "--port", "0", "--data", data.toString())) {
      assertThat(broker.topics()).contains("kept");
      assertThat(broker.end()).isEqualTo(TERMINATED);
    }
    assertThat(data).isDirectory();
  }

  @Test
  void itsEndLeavesNeitherProcessNorTemporaryFolder() throws Exception {
    try (Running broker = Running.start(folder, "--port", "0")) {
      List<ProcessHandle> children = broker.process().descendants().toList();
      assertThat(children).isNotEmpty();
      assertThat(broker.data()).isDirectory();

      assertThat(broker.end()).isEqualTo(TERMINATED);

      assertThat(children).noneMatch(ProcessHandle::isAlive);
      assertThat(broker.data()).doesNotExist();
    }
  }

  @Test
  void aTakenPortIsNamedAndNothingIsStarted() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Path output = folder.resolve("output");
      String port = String.valueOf(taken.getLocalPort());
      Process drpo =
          DrpoProcess.prepare(folder, "broker", "--port", port)
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();

      assertThat(drpo.waitFor()).isEqualTo(ExitCode.USAGE);
      assertThat(Files.readString(output)).contains("port " + port + " is taken", "--port");
    }
  }

  /** A broker's command that has announced its address. */
  private record Running(Process process, String address, Path data) implements AutoCloseable {
    static Running start(Path current, String... options) throws IOException {
      String[] words = new String[options.length + 1];
      words[0] = "broker";
      System.arraycopy(options, 0, words, 1, options.length);
      Process process =
          DrpoProcess.prepare(current, words)
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      BufferedReader reader = process.inputReader();
      String line = reader.readLine();
      Matcher ready = READY.matcher(String.valueOf(line));
      if (!ready.matches()) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        throw new AssertionError("the command printed no address but: " + line);
      }
      return new Running(process, ready.group(1), Path.of(ready.group(2)));
    }

    void createTopic(String name) throws Exception {
      try (Admin admin = admin()) {
        admin.createTopics(List.of(new NewTopic(name, 1, (short) 1))).all().get();
      }
    }

    Set<String> topics() throws Exception {
      try (Admin admin = admin()) {
        return admin.listTopics().names().get();
      }
    }

    /**
     * Asks it to end; gives the exit code. By the signal that is not Ctrl-C's, which a process that
     * was started in the background ignores, and its children with it.
     */
    int end() throws InterruptedException {
      process.destroy();
      return process.waitFor();
    }

    @Override
    public void close() {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }

    private Admin admin() {
      return Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, address));
    }
  }
}
