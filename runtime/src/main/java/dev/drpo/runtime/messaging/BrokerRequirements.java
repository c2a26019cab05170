package dev.drpo.runtime.messaging;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.FeatureMetadata;
import org.apache.kafka.clients.admin.FinalizedVersionRange;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.jboss.logging.Logger;

/** What a broker must have for work queues and for records of the largest size. */
final class BrokerRequirements {
  private static final Logger LOG = Logger.getLogger(BrokerRequirements.class);
  private static final String SHARE_GROUPS = "share.version";

  /** The first that lets a share group have a delivery limit of its own. */
  private static final String OLDEST = "4.3";

  private static final String REQUEST_BYTES = "socket.request.max.bytes";

  private final Messaging messaging;
  private final Admin admin;
  private final Duration patience;

  BrokerRequirements(Messaging messaging, Admin admin, Duration patience) {
    this.messaging = messaging;
    this.admin = admin;
    this.patience = patience;
  }

  /**
   * Checks them.
   *
   * @throws MessagingException if the broker lacks one, with the remedy
   * @throws KafkaException if it does not answer
   */
  void require() throws InterruptedException, TimeoutException {
    requireShareGroups();
    requireSettings();
  }

  /**
   * The feature decides. A broker's {@code group.coordinator.rebalance.protocols} does not: Kafka
   * 4.4 lists no share groups there by default, and has them.
   */
  private void requireShareGroups() throws InterruptedException, TimeoutException {
    FeatureMetadata features = await(admin.describeFeatures().featureMetadata());
    if (!features.supportedFeatures().containsKey(SHARE_GROUPS)) {
      throw new MessagingException(tooOld(messaging, "it knows no share groups"));
    }
    FinalizedVersionRange share = features.finalizedFeatures().get(SHARE_GROUPS);
    if (share == null || share.maxVersionLevel() < 1) {
      throw new MessagingException(
          "the broker at %s has share groups switched off, which the work queues are: switch them on with kafka-features.sh --bootstrap-server %s upgrade --feature %s=1"
              .formatted(address(), address(), SHARE_GROUPS));
    }
  }

  /** A broker that hides its settings from this user is given the benefit of the doubt. */
  private void requireSettings() throws InterruptedException, TimeoutException {
    Config settings;
    try {
      Collection<Node> nodes = await(admin.describeCluster().nodes());
      if (nodes.isEmpty()) {
        return;
      }
      ConfigResource broker =
          new ConfigResource(ConfigResource.Type.BROKER, nodes.iterator().next().idString());
      settings = await(admin.describeConfigs(List.of(broker)).all()).get(broker);
    } catch (KafkaException e) {
      if (e instanceof RetriableException) {
        throw e;
      }
      LOG.debugf(e, "the broker at %s does not tell its settings", address());
      return;
    }
    ConfigEntry request = settings.get(REQUEST_BYTES);
    if (request != null
        && request.value() != null
        && Long.parseLong(request.value()) < RecordLimits.DEAD_LETTER_BATCH) {
      throw new MessagingException(
          "the broker at %s takes requests of %s bytes at most, but one of the largest record has %d: raise its %s"
              .formatted(
                  address(), request.value(), RecordLimits.DEAD_LETTER_BATCH, REQUEST_BYTES));
    }
  }

  /** What to tell of a refusal that comes from the broker's age; empty for any other. */
  static Optional<MessagingException> age(Messaging messaging, Exception refusal) {
    boolean unknown =
        refusal instanceof UnsupportedVersionException
            || (refusal instanceof ApiException
                && refusal.getMessage() != null
                && refusal.getMessage().startsWith("Unknown group config"));
    return unknown
        ? Optional.of(new MessagingException(tooOld(messaging, refusal.getMessage()), refusal))
        : Optional.empty();
  }

  private static String tooOld(Messaging messaging, String what) {
    return "the broker at %s is too old: the work queues need Kafka %s or newer (%s); upgrade it, or start one with ./drpo broker"
        .formatted(messaging.kafka().bootstrapServers(), OLDEST, what);
  }

  private String address() {
    return messaging.kafka().bootstrapServers();
  }

  private <R> R await(Future<R> result) throws InterruptedException, TimeoutException {
    try {
      return result.get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof KafkaException refused) {
        throw refused;
      }
      throw new KafkaException(e.getCause());
    }
  }
}
