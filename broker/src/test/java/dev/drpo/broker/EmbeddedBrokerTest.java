package dev.drpo.broker;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
class EmbeddedBrokerTest {
  @TempDir Path directory;

  @Test
  void aRestartOnTheSameDirectoryAndPortKeepsTopics() throws Exception {
    String address;
    try (EmbeddedBroker broker = EmbeddedBroker.start(directory, 0);
        Admin admin = admin(broker.bootstrapServers())) {
      address = broker.bootstrapServers();
      admin.createTopics(List.of(new NewTopic("kept", 1, (short) 1))).all().get(60, SECONDS);
    }
    int port = Integer.parseInt(address.substring(address.indexOf(':') + 1));
    try (EmbeddedBroker broker = EmbeddedBroker.start(directory, port);
        Admin admin = admin(broker.bootstrapServers())) {
      assertThat(broker.bootstrapServers()).isEqualTo(address);
      assertThat(admin.listTopics().names().get(60, SECONDS)).contains("kept");
    }
  }

  @Test
  void aTakenPortIsNamedWithTheRemedy() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      assertThatThrownBy(() -> EmbeddedBroker.start(directory, taken.getLocalPort()))
          .isInstanceOf(BrokerException.class)
          .hasMessageContaining("port " + taken.getLocalPort())
          .hasMessageContaining("choose another port");
    }
  }

  @Test
  void aPathThatIsNoDirectoryIsNamedWithTheRemedy() throws Exception {
    Path file = Files.writeString(directory.resolve("file"), "not a directory");

    assertThatThrownBy(() -> EmbeddedBroker.start(file, 0))
        .isInstanceOf(BrokerException.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining("may create and write");
  }

  @Test
  void theProcessPrintsOnlyReadyAndEndsOnSigterm() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                BrokerMain.class.getName(),
                "--log-dir",
                directory.toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try (BufferedReader output = process.inputReader()) {
      String line = output.readLine();
      assertThat(line).matches("READY 127\\.0\\.0\\.1:\\d+");
      try (Admin admin = admin(line.substring("READY ".length()))) {
        assertThat(admin.describeCluster().nodes().get(60, SECONDS)).hasSize(1);
      }
      // Unlike Process.destroy, this leaves the pipe open to read what the shutdown prints.
      process.toHandle().destroy();
      assertThat(process.waitFor(60, SECONDS)).isTrue();
      assertThat(output.readLine()).isNull();
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void wrongArgumentsAreNamed() {
    assertThatThrownBy(() -> BrokerMain.Arguments.parse("--port", "1"))
        .hasMessage("--log-dir is missing");
    assertThatThrownBy(() -> BrokerMain.Arguments.parse("--log-dir", "d", "--port", "70000"))
        .hasMessage("--port 70000 is not a port number");
    assertThatThrownBy(() -> BrokerMain.Arguments.parse("--logs", "d"))
        .hasMessage("unknown option --logs");
    assertThat(BrokerMain.Arguments.parse("--log-dir", "d", "--port", "9092"))
        .isEqualTo(new BrokerMain.Arguments(Path.of("d"), 9092));
  }

  private static Admin admin(String bootstrapServers) {
    return Admin.create(Map.of("bootstrap.servers", bootstrapServers));
  }
}
