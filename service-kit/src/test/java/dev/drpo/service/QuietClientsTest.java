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

/**
 * What a service's clients of the broker log while there is none that they can work with. {@code
 * -Dquiet.seconds=60} watches them for longer.
 */
@Timeout(600)
class QuietClientsTest {
  @RegisterExtension static final BrokerExtension broker = new BrokerExtension();

  private static final Duration WATCHED =
      Duration.ofSeconds(Integer.getInteger("quiet.seconds", 3));
  private static final Duration POLL = Duration.ofMillis(200);

  /** Since when clients are watched. */
  private static final class Stopwatch {
    private final long start = System.nanoTime();

    private Duration elapsed() {
      return Duration.ofNanos(System.nanoTime() - start);
    }

    private boolean isOver() {
      return elapsed().compareTo(WATCHED) >= 0;
    }
  }

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
  void withSomethingElseInItsPlaceAServiceWaitsAndSaysWhyOnce() throws Exception {
    try (ServerSocket other = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      Thread.ofVirtual().start(() -> answerAsNoBrokerDoes(other));
      Messaging messaging = messaging("127.0.0.1:" + other.getLocalPort());
      Thread service = Thread.ofPlatform().start(() -> awaitTopics(messaging));
      Stopwatch watch = new Stopwatch();
      while (!watch.isOver() || logged.isEmpty()) {
        Thread.sleep(POLL);
      }
      requireSeldom(watch);
      assertThat(logged).anyMatch(line -> line.contains("its answer begins with 'HTTP/1.1'"));
      service.interrupt();
      service.join();
    }
  }

  private static void awaitTopics(Messaging messaging) {
    try {
      messaging.clients().awaitTopics(messaging, () -> {});
    } catch (InterruptedException e) {
      // The test is over.
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

  /** Runs what a service runs, until it had something to say again. */
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
      Stopwatch watch = new Stopwatch();
      // Without the filter there would be more.
      while (!watch.isOver() || said.get() <= logged.size()) {
        assertThat(queue.take(POLL)).isEmpty();
        assertThat(probe.obstacle(POLL)).isPresent();
      }
      requireSeldom(watch);
      for (Thread thread : threads) {
        thread.interrupt();
        thread.join();
      }
    }
  }

  /** No line more often than the filter lets it pass since the watch began. */
  private void requireSeldom(Stopwatch watch) {
    List<String> lines = List.copyOf(logged);
    long most = 1 + watch.elapsed().dividedBy(RepeatedLines.PAUSE);
    Map<String, Long> counts = new TreeMap<>();
    lines.forEach(line -> counts.merge(line.replaceAll("\\d+", "#"), 1L, Long::sum));
    assertThat(counts).isNotEmpty();
    assertThat(counts)
        .allSatisfy((line, count) -> assertThat(count).as(line).isLessThanOrEqualTo(most));
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
