package dev.drpo.cli.topics;

import dev.drpo.cli.exit.UsageError;
import dev.drpo.cli.process.FreePorts;
import dev.drpo.cli.process.InstalledBroker;
import dev.drpo.cli.process.ProcessFailure;
import dev.drpo.cli.process.ReadyLine;
import dev.drpo.cli.process.Supervisor;
import dev.drpo.cli.run.RunFolder;
import dev.drpo.runtime.config.ConfigLoader;
import dev.drpo.runtime.config.RunConfig;
import dev.drpo.runtime.config.TlsConfig;
import dev.drpo.runtime.messaging.Messaging;
import dev.drpo.runtime.messaging.MessagingException;
import dev.drpo.runtime.messaging.TopicSurvey;
import dev.drpo.runtime.messaging.Topics;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The options that name a run, and the way to its topics. */
public final class RunSource {
  private static final Pattern READY = Pattern.compile("(?m)^READY (\\S+:\\d+)\\s*$");
  private static final String ADDRESS = ".+:\\d{1,5}";
  private static final int CONNECTION_PATIENCE_MILLIS = 2000;
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration START_PATIENCE = Duration.ofMinutes(2);
  private static final Duration STOP_PATIENCE = Duration.ofSeconds(10);

  @Parameters(
      arity = "0..1",
      paramLabel = "RUN-FOLDER",
      description = "Folder of a run on this machine, whether it runs or has ended.")
  private Path folder;

  @Option(
      names = "--broker",
      paramLabel = "HOST:PORT",
      description =
          "Broker of a run that was started otherwise; needs --run. How it is reached safely say"
              + " DRPO_KAFKA_CLIENT_PROPERTIES and DRPO_TLS_TRUSTED, DRPO_TLS_CERTIFICATE and"
              + " DRPO_TLS_KEY.")
  private String broker;

  @Option(names = "--run", paramLabel = "ID", description = "The run's run.id, with --broker.")
  private String run;

  /** The folder, if one is named. */
  public Optional<RunFolder> folder() {
    return Optional.ofNullable(folder).map(named -> RunFolder.named(named.toAbsolutePath()));
  }

  /** The configuration of the run in the folder, if one is named. */
  public Optional<RunConfig> config() {
    return folder().map(held -> ConfigLoader.load(held.configuration(), Map.of(), Map.of()));
  }

  /**
   * Refuses what names no run.
   *
   * @throws UsageError if neither a folder nor broker and id are named, or both are, or the folder
   *     holds no run
   */
  public void check() {
    if (folder == null && broker == null) {
      throw new UsageError("name the folder of a run, or a broker with --broker and --run");
    }
    if (folder != null && (broker != null || run != null)) {
      throw new UsageError(
          "%s is given with the folder %s, whose run.yaml names its run and broker; leave one of them out"
              .formatted(broker != null ? "--broker" : "--run", folder));
    }
    if (broker != null && !broker.matches(ADDRESS)) {
      throw new UsageError("--broker is %s; it must be host:port".formatted(broker));
    }
    if (broker != null && run == null) {
      throw new UsageError("--broker needs --run with the run's id, which prefixes its topics");
    }
    if (folder != null && !folder().orElseThrow().holdsRun()) {
      throw new UsageError(
          "the folder %s holds no run (no run.yaml); name the folder of a run".formatted(folder));
    }
  }

  /** The way to the topics, as long as it is open. */
  public static final class Access implements AutoCloseable {
    private final Messaging messaging;
    private final Optional<Supervisor> own;

    private Access(Messaging messaging, Optional<Supervisor> own) {
      this.messaging = messaging;
      this.own = own;
    }

    public Messaging messaging() {
      return messaging;
    }

    @Override
    public void close() {
      own.ifPresent(Supervisor::close);
    }
  }

  /**
   * The broker that has the run's topics, if it answers.
   *
   * @throws UsageError if a broker is named that does not answer or has no such run
   */
  public Optional<Messaging> running() throws InterruptedException {
    if (folder == null) {
      return Optional.of(requireRun(messaging(reached().kafka().at(broker), run)));
    }
    RunConfig config = config().orElseThrow();
    Optional<String> address =
        Files.isDirectory(folder().orElseThrow().kafka())
            ? lastAddress()
            : Optional.of(config.kafka().bootstrapServers());
    if (address.isEmpty() || !listens(address.get())) {
      return Optional.empty();
    }
    Messaging messaging = messaging(config.kafka().at(address.get()), config.run().id());
    try {
      return TopicSurvey.existing(messaging, PATIENCE).isEmpty()
          ? Optional.empty()
          : Optional.of(messaging);
    } catch (MessagingException e) {
      return Optional.empty();
    }
  }

  /** Whether neither a broker that answers has the topics nor the folder what is left of one. */
  public boolean topicsAreGone() throws InterruptedException {
    return running().isEmpty() && !Files.isDirectory(folder().orElseThrow().kafka());
  }

  /**
   * Opens the topics. Where a local run has ended, its broker is started for the time, on the
   * records that it has left.
   *
   * @param root the repository, where the broker is built
   * @throws UsageError if there are no topics
   * @throws ProcessFailure if the broker can't be started
   */
  public Access open(Path root) throws InterruptedException, ProcessFailure {
    Optional<Messaging> running = running();
    if (running.isPresent()) {
      return new Access(running.get(), Optional.empty());
    }
    RunFolder held = folder().orElseThrow();
    RunConfig config = config().orElseThrow();
    if (!Files.isDirectory(held.kafka())) {
      throw new UsageError(
          "the run in %s kept its records at %s, where they are no more or no broker answers"
              .formatted(held, config.kafka().bootstrapServers()));
    }
    Supervisor supervisor = new Supervisor(new FreePorts(), STOP_PATIENCE, _ -> {});
    try {
      Supervisor.Service service =
          supervisor.start(
              InstalledBroker.under(root)
                  .spec(held.kafka(), held.log("broker-again"), System.getenv()));
      supervisor.awaitReady(START_PATIENCE, List.of(service));
      String address = new ReadyLine().address(service.process()).orElseThrow();
      return new Access(
          requireRun(messaging(config.kafka().at(address), config.run().id())),
          Optional.of(supervisor));
    } catch (ProcessFailure | InterruptedException | RuntimeException e) {
      supervisor.close();
      throw e;
    }
  }

  private Messaging requireRun(Messaging messaging) throws InterruptedException {
    try {
      if (TopicSurvey.existing(messaging, PATIENCE).isEmpty()) {
        throw new UsageError(
            "the broker at %s has no topics of a run %s; correct --run or the broker's address"
                .formatted(messaging.kafka().bootstrapServers(), messaging.run()));
      }
      return messaging;
    } catch (MessagingException e) {
      throw new UsageError(e.getMessage());
    }
  }

  /**
   * Whether anything does: tells a broker that is busy from one that is gone, which is the rule.
   */
  private static boolean listens(String address) {
    int colon = address.lastIndexOf(':');
    try (Socket socket = new Socket()) {
      socket.connect(
          new InetSocketAddress(
              address.substring(0, colon), Integer.parseInt(address.substring(colon + 1))),
          CONNECTION_PATIENCE_MILLIS);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** Where the folder's own broker has said that it listens, when it was last started. */
  private Optional<String> lastAddress() {
    Path log = folder().orElseThrow().log("broker");
    try {
      if (!Files.exists(log)) {
        return Optional.empty();
      }
      Matcher line = READY.matcher(Files.readString(log));
      String last = null;
      while (line.find()) {
        last = line.group(1);
      }
      return Optional.ofNullable(last);
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** How the run's broker and learner are reached, by its folder or by the environment. */
  private RunConfig reached() {
    return config().orElseGet(() -> ConfigLoader.load(null, System.getenv(), Map.of()));
  }

  /** What the learner is shown and known by. */
  public TlsConfig tls() {
    return reached().tls();
  }

  private static Messaging messaging(RunConfig.Kafka kafka, String run) {
    return new Messaging(run, "drpo-cli", kafka, Topics.of(run), InstantSource.system());
  }
}
