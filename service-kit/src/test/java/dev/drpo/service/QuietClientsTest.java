package dev.drpo.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drpo.proto.records.v1.PromptTask;
import dev.drpo.runtime.config.RunConfig;
import dev.drpo.runtime.messaging.BrokerProbe;
import dev.drpo.runtime.messaging.Messaging;
import dev.drpo.runtime.messaging.MessagingException;
import dev.drpo.runtime.messaging.Publisher;
import dev.drpo.runtime.messaging.RecordLog;
import dev.drpo.runtime.messaging.Topics;
import dev.drpo.runtime.messaging.WorkQueue;
import dev.drpo.testkit.BrokerExtension;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import org.jboss.logmanager.ExtHandler;
import org.jboss.logmanager.ExtLogRecord;
import org.jboss.logmanager.Logger;
import org.jboss.logmanager.formatters.PatternFormatter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a service's clients of the broker log while there is none that they can work with. */
@Timeout(240)
class QuietClientsTest {
  @RegisterExtension static final BrokerExtension broker = new BrokerExtension();

  private static final Duration WATCHED = Duration.ofSeconds(3);
  private static final Duration POLL = Duration.ofMillis(200);

  private final RepeatedLinesFilter filter = new RepeatedLinesFilter();
  private final Queue<String> logged = new ConcurrentLinkedQueue<>();
  private final AtomicInteger said = new AtomicInteger();
  private final ExtHandler log =
      new ExtHandler() {
        @Override
        protected void doPublish(ExtLogRecord line) {
          said.incrementAndGet();
          if (filter.isLoggable(line)) {
            logged.add(line.getLoggerName() + ": " + new PatternFormatter("%s").format(line));
          }
        }
      };
  private final Logger clients = Logger.getLogger("org.apache.kafka.clients");
  private final Logger ours = Logger.getLogger("dev.drpo.runtime.messaging");

  @BeforeEach
  void listen() {
    for (Logger logger : List.of(clients, ours)) {
      logger.setUseParentHandlers(false);
      logger.addHandler(log);
    }
    clients.setLevel(Level.WARNING);
  }

  @AfterEach
  void stopListening() {
    for (Logger logger : List.of(clients, ours)) {
      logger.removeHandler(log);
      logger.setUseParentHandlers(true);
    }
    clients.setLevel(null);
  }

  @Test
  void withoutABrokerNoLineIsRepeated() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int port = taken.getLocalPort();
      taken.close();
      requireQuiet("127.0.0.1:" + port);
    }
  }

  @Test
  void withABrokerThatHasNoneOfTheTopicsNoLineIsRepeated() throws Exception {
    requireQuiet(broker.bootstrapServers());
  }

  @Test
  void withSomethingElseInItsPlaceNoLineIsRepeated() throws Exception {
    try (ServerSocket other = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      Thread.ofVirtual().start(() -> answerAsNoBrokerDoes(other));
      requireQuiet("127.0.0.1:" + other.getLocalPort());
    }
  }

  private static void answerAsNoBrokerDoes(ServerSocket other) {
    while (!other.isClosed()) {
      try (Socket caller = other.accept()) {
        caller
            .getOutputStream()
            .write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      } catch (IOException e) {
        // The caller has left, or the test is over.
      }
    }
  }

  /** Runs what a service runs, for less time than a line is to rest. */
  private void requireQuiet(String address) throws Exception {
    Messaging messaging = messaging(address);
    try (Publisher publisher = Publisher.open(messaging);
        WorkQueue<PromptTask> queue =
            WorkQueue.open(
                messaging,
                messaging.topics().prompts(),
                messaging.topics().rolloutWorkers(),
                PromptTask.parser(),
                3);
        BrokerProbe probe = BrokerProbe.open(messaging)) {
      List<Thread> threads =
          List.of(
              Thread.ofPlatform().start(() -> read(messaging)),
              Thread.ofPlatform().start(() -> publish(publisher, messaging)));
      long end = System.nanoTime() + WATCHED.toNanos();
      while (System.nanoTime() < end) {
        assertThat(queue.take(POLL)).isEmpty();
        assertThat(probe.obstacle(POLL)).isPresent();
      }
      List<String> lines = List.copyOf(logged);
      for (Thread thread : threads) {
        thread.interrupt();
        thread.join();
      }
      Map<String, Integer> counts = new TreeMap<>();
      lines.forEach(line -> counts.merge(line.replaceAll("\\d+", "#"), 1, Integer::sum));
      assertThat(counts).isNotEmpty();
      assertThat(counts).allSatisfy((line, count) -> assertThat(count).as(line).isEqualTo(1));
      // Without the filter there would be more.
      assertThat(said.get()).isGreaterThan(lines.size());
    }
  }

  private static void read(Messaging messaging) {
    try (RecordLog<PromptTask> log =
        RecordLog.open(
            messaging,
            messaging.topics().scored(),
            PromptTask.parser(),
            Map.of(),
            Duration.ofMinutes(2))) {
      log.poll(POLL);
    } catch (InterruptedException | MessagingException e) {
      // The test is over.
    }
  }

  private static void publish(Publisher publisher, Messaging messaging) {
    var _ = publisher.publish(messaging.topics().prompts(), "a", PromptTask.getDefaultInstance());
  }

  private static Messaging messaging(String address) {
    return new Messaging(
        "absent",
        "tester",
        new RunConfig.Kafka(address, 5, 5, 1, 1, ""),
        Topics.of("absent"),
        InstantSource.system());
  }
}
