package dev.drpo.simulation.broker;

import dev.drpo.simulation.machine.Chance;
import dev.drpo.simulation.machine.Scheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * A broker as its clients see it: topics that outlive it unless its disk is gone, share groups of
 * which it forgets what it only remembers, and answers that take their time or never come.
 */
public final class Broker {
  private final Scheduler scheduler;
  private final Chance chance;
  private final Map<String, Topic> topics = new HashMap<>();
  private final List<Topic> lost = new ArrayList<>();
  private final Map<String, ShareGroup> groups = new HashMap<>();
  private final News state = new News();
  private final BiConsumer<String, Topic.Entry> observer;
  private final Consumer<Broker> provisioner;
  private boolean up = true;
  private long created;
  private int losses;

  /**
   * Begins without topics.
   *
   * @param provisioner creates its topics, and lets workers share them
   * @param observer told of every record that a topic gets
   */
  public Broker(
      Scheduler scheduler,
      Chance chance,
      Consumer<Broker> provisioner,
      BiConsumer<String, Topic.Entry> observer) {
    this.provisioner = provisioner;
    this.observer = observer;
    this.scheduler = scheduler;
    this.chance = chance;
  }

  /** Creates the topics, unless they are there. */
  public void provision() {
    if (topics.isEmpty()) {
      provisioner.accept(this);
      state.spread();
    }
  }

  /** Creates a topic. */
  public void create(String name, int partitions) {
    topics.put(name, new Topic(name, new Uuid(1, ++created), partitions, observer));
  }

  /**
   * Lets workers share a topic.
   *
   * @param expires whether leases end by themselves
   */
  public void share(
      String group, String topic, Duration lease, int mostDeliveries, boolean expires) {
    groups.put(
        group,
        new ShareGroup(topics.get(topic), scheduler, chance, lease, mostDeliveries, expires));
  }

  /**
   * A topic that was created.
   *
   * @throws UnknownTopicOrPartitionException if it was lost
   */
  public Topic topic(String name) {
    return find(name).orElseThrow(() -> new UnknownTopicOrPartitionException(name));
  }

  /** A topic, unless it was lost. */
  public Optional<Topic> find(String name) {
    return Optional.ofNullable(topics.get(name));
  }

  /** A share group, unless it was lost. */
  Optional<ShareGroup> group(String name) {
    return Optional.ofNullable(groups.get(name));
  }

  Scheduler scheduler() {
    return scheduler;
  }

  Chance chance() {
    return chance;
  }

  /** Whether it answers. */
  public boolean isUp() {
    return up;
  }

  /** Completes when it comes back, or has its topics again. */
  News state() {
    return state;
  }

  /** Goes away for a while, and comes back without what it had in memory alone. */
  public void restart(Duration outage) {
    restart(outage, () -> {});
  }

  /** Goes away for a while, and comes back without anything. */
  public void loseData(Duration outage) {
    restart(
        outage,
        () -> {
          losses++;
          lost.addAll(topics.values());
          topics.clear();
          groups.clear();
        });
  }

  private void restart(Duration outage, Runnable meanwhile) {
    if (!up) {
      return;
    }
    up = false;
    scheduler.after(
        outage,
        () -> {
          meanwhile.run();
          up = true;
          groups.values().forEach(ShareGroup::forgetLeases);
          topics.values().forEach(topic -> topic.news().spread());
          // Who waits for news of a topic that is gone would wait in vain.
          lost.forEach(topic -> topic.news().spread());
          state.spread();
        });
  }

  /** How often it has lost its data. */
  public int losses() {
    return losses;
  }

  /** Half a round trip. Now and then one takes long. */
  Duration latency() {
    return chance.odds(0.01) ? chance.millis(100, 1500) : chance.millis(0, 3);
  }

  /** Whether a record of a shared topic may still be delivered to a worker. */
  public boolean isOpen(String group, long offset) {
    return group(group).filter(of -> of.isOpen(offset)).isPresent();
  }

  /** Everything that was ever appended to a topic, or to those of its name that were lost. */
  public List<Topic.Entry> entries(String name) {
    return Stream.concat(
            lost.stream().filter(topic -> topic.name().equals(name)), find(name).stream())
        .flatMap(topic -> topic.all().stream())
        .toList();
  }
}
