package dev.drpo.simulation.broker;

import dev.drpo.simulation.machine.Chance;
import dev.drpo.simulation.machine.Scheduler;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * A broker as its clients see it: topics that outlive it, share groups of which it forgets what it
 * only remembers, and answers that take their time or never come.
 */
public final class Broker {
  private final Scheduler scheduler;
  private final Chance chance;
  private final Map<String, Topic> topics = new HashMap<>();
  private final Map<String, ShareGroup> groups = new HashMap<>();
  private final News state = new News();
  private final BiConsumer<String, Topic.Entry> observer;
  private boolean up = true;

  /**
   * Begins without topics.
   *
   * @param observer told of every record that a topic gets
   */
  public Broker(Scheduler scheduler, Chance chance, BiConsumer<String, Topic.Entry> observer) {
    this.observer = observer;
    this.scheduler = scheduler;
    this.chance = chance;
  }

  /** Creates a topic. */
  public Topic create(String name, int partitions) {
    Topic topic = new Topic(name, partitions, observer);
    topics.put(name, topic);
    return topic;
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

  /** A topic that was created. */
  public Topic topic(String name) {
    return topics.get(name);
  }

  ShareGroup group(String name) {
    return groups.get(name);
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

  /** Completes when it goes up or down. */
  News state() {
    return state;
  }

  /** Goes away for a while, and comes back without what it had in memory alone. */
  public void restart(Duration outage) {
    if (!up) {
      return;
    }
    up = false;
    scheduler.after(
        outage,
        () -> {
          up = true;
          groups.values().forEach(ShareGroup::forgetLeases);
          topics.values().forEach(topic -> topic.news().spread());
          state.spread();
        });
  }

  /** Half a round trip. Now and then one takes long. */
  Duration latency() {
    return chance.odds(0.01) ? chance.millis(100, 1500) : chance.millis(0, 3);
  }

  /** Whether a record of a shared topic may still be delivered to a worker. */
  public boolean isOpen(String group, long offset) {
    return groups.get(group).isOpen(offset);
  }

  /** Everything that was ever appended to a topic. */
  public List<Topic.Entry> entries(String topic) {
    return topics.get(topic).all();
  }
}
