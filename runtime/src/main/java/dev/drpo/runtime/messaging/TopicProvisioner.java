package dev.drpo.runtime.messaging;

import dev.drpo.runtime.config.RunConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.jboss.logging.Logger;

/**
 * Creates the topics of a run and sets the leases of its work queues. Idempotent, since several
 * services start at once and each provisions before it does anything else; topics that exist stay
 * as they are, except that they take records of the largest size.
 */
public final class TopicProvisioner {
  private static final Logger LOG = Logger.getLogger(TopicProvisioner.class);
  private static final Duration ATTEMPT = Duration.ofSeconds(5);
  private static final Duration PAUSE = Duration.ofMillis(250);
  private static final Duration ROUND = Duration.ofSeconds(10);
  private static final Duration PAUSE_BETWEEN_ROUNDS = Duration.ofSeconds(1);

  /**
   * The learner removes what recovery no longer needs, as it goes. This is for runs that nobody
   * goes on with; one that pauses may go on for so long.
   */
  private static final Duration ABANDONED = Duration.ofDays(30);

  /**
   * Size of the files that a log is kept in. Removing records frees whole files only, so that a
   * partition takes up to one more than what its records need.
   */
  public static final int SEGMENT_BYTES = 64 << 20;

  /**
   * Deliveries that the broker allows beyond the run's own limit. The broker drops a record unseen
   * at its limit; with room above ours, workers see the record first and make a dead letter of it,
   * even if some of them crash while they do.
   */
  private static final int DELIVERY_HEADROOM = 5;

  private static final String RECORD_LIMIT = "max.message.bytes";

  private final Messaging messaging;
  private final Map<String, String> further;

  public TopicProvisioner(Messaging messaging) {
    this(messaging, Map.of());
  }

  /** With further settings of the share groups. */
  TopicProvisioner(Messaging messaging, Map<String, String> further) {
    this.messaging = messaging;
    this.further = further;
  }

  /**
   * Provisions, waiting up to {@code patience} for a broker that is not up yet.
   *
   * @throws MessagingException if the broker is not reachable in time or refuses a setting
   */
  public void provision(Duration patience) throws InterruptedException {
    Optional<MessagingException> obstacle = obstacleWithin(patience);
    if (obstacle.isPresent()) {
      throw obstacle.get();
    }
  }

  /**
   * Provisions, however long the broker takes to come up and to allow it. Brokers start after their
   * clients as often as before, and what stands in the way is logged again and again.
   *
   * @param round called before each round of attempts; rounds follow each other within a minute
   * @throws InterruptedException if the thread is interrupted, which alone ends it early
   */
  public void provisionWhenPossible(Runnable round) throws InterruptedException {
    round.run();
    Optional<MessagingException> obstacle = obstacleWithin(ROUND);
    while (obstacle.isPresent()) {
      LOG.warn(obstacle.get().getMessage());
      Thread.sleep(PAUSE_BETWEEN_ROUNDS);
      round.run();
      obstacle = obstacleWithin(ROUND);
    }
  }

  /**
   * Provisions, unless something stands in the way: at once if waiting can't change it, else when
   * {@code patience} is over. Empty once provisioned.
   */
  private Optional<MessagingException> obstacleWithin(Duration patience)
      throws InterruptedException {
    long deadline = System.nanoTime() + patience.toNanos();
    String told = null;
    Optional<Exception> failure = attempt();
    while (failure.isPresent()
        && permanent(failure.get()).isEmpty()
        && System.nanoTime() < deadline) {
      String obstacle = reason(failure.get());
      if (!obstacle.equals(told)) {
        told = obstacle;
        LOG.infof(
            "waiting up to %s for the broker at %s: %s",
            patience, messaging.kafka().bootstrapServers(), obstacle);
      }
      Thread.sleep(PAUSE);
      failure = attempt();
    }
    return failure.map(last -> permanent(last).orElseGet(() -> unreachable(patience, last)));
  }

  /** Tries once; gives what went wrong, or nothing. */
  private Optional<Exception> attempt() throws InterruptedException {
    try (Admin admin = messaging.clients().admin(settings())) {
      new BrokerRequirements(messaging, admin, ATTEMPT.multipliedBy(2)).require();
      // Before the topics: workers that a broker which lost its data finds waiting start with what
      // the groups have as soon as there is a topic, and would skip what is queued by then.
      alter(admin, leases());
      createTopics(admin);
      raiseRecordLimits(admin);
      requireUnsplit(admin);
      return Optional.empty();
    } catch (KafkaException | TimeoutException | MessagingException failure) {
      return Optional.of(failure);
    }
  }

  private void createTopics(Admin admin) throws InterruptedException, TimeoutException {
    for (Map.Entry<String, ? extends Future<Void>> created :
        admin.createTopics(topics()).values().entrySet()) {
      try {
        await(created.getValue());
        LOG.infof("created topic %s", created.getKey());
      } catch (TopicExistsException e) {
        LOG.debugf("topic %s exists", created.getKey());
      }
    }
  }

  /** Topics of an earlier version, or of somebody else, may take smaller records than a run has. */
  private void raiseRecordLimits(Admin admin) throws InterruptedException, TimeoutException {
    Map<ConfigResource, Collection<AlterConfigOp>> raised = new HashMap<>();
    List<ConfigResource> all =
        topics().stream()
            .map(topic -> new ConfigResource(ConfigResource.Type.TOPIC, topic.name()))
            .toList();
    for (Map.Entry<ConfigResource, Config> topic :
        await(admin.describeConfigs(all).all()).entrySet()) {
      int needed = RecordLimits.of(topic.getKey().name(), messaging.topics());
      if (Integer.parseInt(topic.getValue().get(RECORD_LIMIT).value()) < needed) {
        raised.put(
            topic.getKey(),
            List.of(
                new AlterConfigOp(
                    new ConfigEntry(RECORD_LIMIT, Integer.toString(needed)),
                    AlterConfigOp.OpType.SET)));
      }
    }
    if (!raised.isEmpty()) {
      alter(admin, raised);
    }
  }

  /** Refuses topics that somebody else created with several partitions. */
  private void requireUnsplit(Admin admin) throws InterruptedException, TimeoutException {
    List<String> unsplit = messaging.topics().unsplit();
    for (TopicDescription topic : await(admin.describeTopics(unsplit).allTopicNames()).values()) {
      if (topic.partitions().size() != 1) {
        throw new MessagingException(
            "the topic %s at %s has %d partitions, but needs to have one: delete it, so that it is created anew, or give the run another run.id"
                .formatted(
                    topic.name(), messaging.kafka().bootstrapServers(), topic.partitions().size()));
      }
    }
  }

  /**
   * Sets, and refuses to go on until the broker has applied it, which comes after its answer:
   * clients start with what it has.
   */
  private void alter(Admin admin, Map<ConfigResource, Collection<AlterConfigOp>> wanted)
      throws InterruptedException, TimeoutException {
    await(admin.incrementalAlterConfigs(wanted).all());
    Map<ConfigResource, Config> actual = await(admin.describeConfigs(wanted.keySet()).all());
    for (Map.Entry<ConfigResource, Collection<AlterConfigOp>> resource : wanted.entrySet()) {
      for (AlterConfigOp op : resource.getValue()) {
        ConfigEntry entry = actual.get(resource.getKey()).get(op.configEntry().name());
        if (entry == null || !op.configEntry().value().equals(entry.value())) {
          throw new TimeoutException(
              "the broker has not applied %s to %s"
                  .formatted(op.configEntry().name(), resource.getKey().name()));
        }
      }
    }
  }

  private Map<String, Object> settings() {
    Map<String, Object> settings = messaging.clientSettings("provisioner");
    settings.put("default.api.timeout.ms", Math.toIntExact(ATTEMPT.toMillis()));
    settings.put("request.timeout.ms", Math.toIntExact(ATTEMPT.toMillis()));
    return settings;
  }

  private List<NewTopic> topics() {
    List<NewTopic> topics = new ArrayList<>();
    messaging.topics().queues().forEach(name -> topics.add(topic(name)));
    messaging.topics().logs().forEach(name -> topics.add(topic(name)));
    return topics;
  }

  private NewTopic topic(String name) {
    RunConfig.Kafka kafka = messaging.kafka();
    int partitions = messaging.topics().unsplit().contains(name) ? 1 : kafka.partitions();
    Map<String, String> configs = new HashMap<>();
    configs.put("cleanup.policy", "delete");
    configs.put(RECORD_LIMIT, Integer.toString(RecordLimits.of(name, messaging.topics())));
    // By the workers' own clocks, a broker would refuse the records of one that is an hour ahead,
    // and soon remove those of one that is a month behind.
    configs.put("message.timestamp.type", "LogAppendTime");
    if (name.equals(messaging.topics().deadLetters())) {
      // People read them, and a resumed learner counts them again.
      configs.put("retention.ms", "-1");
    } else {
      configs.put("retention.ms", Long.toString(ABANDONED.toMillis()));
      configs.put("segment.bytes", Integer.toString(SEGMENT_BYTES));
    }
    return new NewTopic(name, partitions, (short) kafka.replicationFactor()).configs(configs);
  }

  private Map<ConfigResource, Collection<AlterConfigOp>> leases() {
    RunConfig.Kafka kafka = messaging.kafka();
    Map<String, String> values =
        Map.of(
            // The default starts at the end and would skip what was queued before the first worker.
            "share.auto.offset.reset", "earliest",
            "share.record.lock.duration.ms",
                Long.toString(Duration.ofSeconds(kafka.leaseSeconds()).toMillis()),
            "share.delivery.count.limit",
                Integer.toString(kafka.maxDeliveries() + DELIVERY_HEADROOM));
    List<AlterConfigOp> set = new ArrayList<>();
    Stream.of(values, further)
        .flatMap(some -> some.entrySet().stream())
        .forEach(
            setting ->
                set.add(
                    new AlterConfigOp(
                        new ConfigEntry(setting.getKey(), setting.getValue()),
                        AlterConfigOp.OpType.SET)));
    Map<ConfigResource, Collection<AlterConfigOp>> groups = new HashMap<>();
    messaging
        .topics()
        .workers()
        .forEach(group -> groups.put(new ConfigResource(ConfigResource.Type.GROUP, group), set));
    return groups;
  }

  private static <R> R await(Future<R> result) throws InterruptedException, TimeoutException {
    try {
      return result.get(2 * ATTEMPT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof KafkaException refused) {
        throw refused;
      }
      throw new KafkaException(e.getCause());
    }
  }

  /** What to tell about a failure that no waiting ends; empty for one that may pass. */
  private Optional<MessagingException> permanent(Exception failure) {
    if (failure instanceof MessagingException refusal) {
      return Optional.of(refusal);
    }
    Optional<MessagingException> age = BrokerRequirements.age(messaging, failure);
    if (age.isPresent()) {
      return age;
    }
    if (failure instanceof AuthenticationException) {
      return Optional.of(
          new MessagingException(
              "the broker at %s does not let run %s in: %s; correct kafka.client-properties%s"
                  .formatted(
                      messaging.kafka().bootstrapServers(),
                      messaging.run(),
                      reason(failure),
                      messaging.kafka().clientProperties().isEmpty() ? ", which is not set" : ""),
              failure));
    }
    if (failure instanceof InvalidConfigurationException
        || failure instanceof InvalidRequestException) {
      return Optional.of(
          new MessagingException(
              "the broker at %s refuses the leases of run %s: %s; raise group.share.max.record.lock.duration.ms or group.share.max.delivery.count.limit on the broker, or change kafka.lease-seconds (%d) or kafka.max-deliveries (%d, to which %d are added)"
                  .formatted(
                      messaging.kafka().bootstrapServers(),
                      messaging.run(),
                      failure.getMessage(),
                      messaging.kafka().leaseSeconds(),
                      messaging.kafka().maxDeliveries(),
                      DELIVERY_HEADROOM),
              failure));
    }
    boolean mayPass =
        failure instanceof TimeoutException
            || failure instanceof RetriableException
            // Brokers register one by one while a cluster starts.
            || failure instanceof InvalidReplicationFactorException
            || failure.getClass() == KafkaException.class;
    if (mayPass) {
      return Optional.empty();
    }
    return Optional.of(
        new MessagingException(
            "the broker at %s refuses the topics of run %s: %s"
                .formatted(
                    messaging.kafka().bootstrapServers(), messaging.run(), failure.getMessage()),
            failure));
  }

  private MessagingException unreachable(Duration patience, Exception cause) {
    return new MessagingException(
        "the broker at %s was not ready within %s: %s; start it, or set kafka.bootstrap-servers to the address of one that runs"
            .formatted(messaging.kafka().bootstrapServers(), patience, reason(cause)),
        cause);
  }

  /** With what lies behind it, such as a key store that can't be read. */
  private static String reason(Exception failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    if (failure.getClass() == KafkaException.class && root == failure) {
      return failure.getMessage();
    }
    return root == failure ? failure.toString() : failure.getMessage() + ": " + root.getMessage();
  }
}
