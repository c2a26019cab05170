package dev.drpo.runtime.messaging;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.ListShareGroupOffsetsSpec;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.ShareMemberDescription;
import org.apache.kafka.clients.admin.SharePartitionOffsetInfo;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Tells how much lies in a run's topics, and who works it off. Changes nothing. */
public final class Backlog {
  private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(1);

  private final Messaging messaging;
  private final Duration patience;

  private Backlog(Messaging messaging, Duration patience) {
    this.messaging = messaging;
    this.patience = patience;
  }

  /**
   * Asks the broker about all topics of a run, in the order in which a group passes them.
   *
   * @param patience longest wait for each answer
   * @throws MessagingException if no broker answers in time, or it has no such run
   */
  public static List<TopicState> of(Messaging messaging, Duration patience)
      throws InterruptedException {
    return new Backlog(messaging, patience).ask();
  }

  private List<TopicState> ask() throws InterruptedException {
    Admin admin = null;
    try {
      admin = messaging.clients().admin(messaging.clientSettings("backlog"));
      Topics topics = messaging.topics();
      return List.of(
          queue(admin, topics.prompts(), topics.rolloutWorkers()),
          queue(admin, topics.rollouts(), topics.rewardWorkers()),
          log(admin, topics.scored()),
          log(admin, topics.weights()),
          log(admin, topics.deadLetters()));
    } catch (UnknownTopicOrPartitionException e) {
      throw new MessagingException(
          "the broker at %s has no topics of a run %s; correct the run's id"
              .formatted(messaging.kafka().bootstrapServers(), messaging.run()),
          e);
    } catch (KafkaException | TimeoutException e) {
      throw new MessagingException(
          "no broker answers at %s within %d s%s; start it, or correct the address"
              .formatted(messaging.kafka().bootstrapServers(), patience.toSeconds(), reason(e)),
          e);
    } finally {
      if (admin != null) {
        admin.close(CLOSE_PATIENCE);
      }
    }
  }

  private TopicState queue(Admin admin, String topic, String workers)
      throws InterruptedException, TimeoutException {
    TopicState log = log(admin, topic);
    try {
      Map<TopicPartition, SharePartitionOffsetInfo> offsets =
          await(
              admin
                  .listShareGroupOffsets(Map.of(workers, new ListShareGroupOffsetsSpec()))
                  .partitionsToOffsetInfo(workers));
      TreeSet<String> names = new TreeSet<>();
      for (ShareMemberDescription member :
          await(admin.describeShareGroups(List.of(workers)).describedGroups().get(workers))
              .members()) {
        names.add(service(member.clientId(), topic));
      }
      return new TopicState(
          topic, log.records(), log.removed(), waiting(topic, offsets), List.copyOf(names));
    } catch (GroupIdNotFoundException e) {
      return log;
    }
  }

  /** Clients of a queue are called by the service, the topic and a number. */
  private static String service(String client, String topic) {
    int end = client.indexOf("." + topic + ".");
    return end < 0 ? client : client.substring(0, end);
  }

  private static OptionalLong waiting(
      String topic, Map<TopicPartition, SharePartitionOffsetInfo> offsets) {
    OptionalLong sum = OptionalLong.empty();
    for (Map.Entry<TopicPartition, SharePartitionOffsetInfo> of : offsets.entrySet()) {
      if (of.getKey().topic().equals(topic)
          && of.getValue() != null
          && of.getValue().lag().isPresent()) {
        sum = OptionalLong.of(sum.orElse(0) + of.getValue().lag().get());
      }
    }
    return sum;
  }

  private TopicState log(Admin admin, String topic) throws InterruptedException, TimeoutException {
    TopicDescription description =
        await(admin.describeTopics(List.of(topic)).topicNameValues().get(topic));
    List<TopicPartition> partitions = new ArrayList<>();
    description
        .partitions()
        .forEach(partition -> partitions.add(new TopicPartition(topic, partition.partition())));
    long first = offsets(admin, partitions, OffsetSpec.earliest());
    return new TopicState(
        topic,
        offsets(admin, partitions, OffsetSpec.latest()) - first,
        first,
        OptionalLong.empty(),
        List.of());
  }

  private long offsets(Admin admin, List<TopicPartition> partitions, OffsetSpec which)
      throws InterruptedException, TimeoutException {
    Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
    partitions.forEach(partition -> asked.put(partition, which));
    return await(admin.listOffsets(asked).all()).values().stream()
        .mapToLong(ListOffsetsResultInfo::offset)
        .sum();
  }

  private <R> R await(Future<R> answer) throws InterruptedException, TimeoutException {
    try {
      return answer.get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof KafkaException refused) {
        throw refused;
      }
      throw new KafkaException(e.getCause());
    }
  }

  private static String reason(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root.getMessage() == null ? "" : " (" + root.getMessage() + ")";
  }
}
