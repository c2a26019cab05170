package dev.drpo.learner.service;

import dev.drpo.dashboard.LiveState;
import dev.drpo.runtime.messaging.Backlog;
import dev.drpo.runtime.messaging.Messaging;
import dev.drpo.runtime.messaging.MessagingException;
import dev.drpo.runtime.messaging.TopicState;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * How much lies in the run's topics, as of a few seconds ago. The broker is asked on a thread of
 * its own, and only while somebody looks. Safe for use by many threads.
 */
@Singleton
class TopicLook {
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final Duration PACE = Duration.ofSeconds(10);
  private static final long NO_QUEUE = -1;

  private final Messaging messaging;
  private final AtomicBoolean asking = new AtomicBoolean();
  private volatile Found found = new Found(List.of(), "", System.nanoTime() - PACE.toNanos());

  TopicLook(Messaging messaging) {
    this.messaging = messaging;
  }

  /**
   * What was found.
   *
   * @param obstacle what kept the broker from answering; empty if nothing did
   * @param nanos when, of {@link System#nanoTime}
   */
  record Found(List<LiveState.Topic> topics, String obstacle, long nanos) {}

  /** What was found last; nothing at first. Does not wait for the broker. */
  Found last() {
    if (System.nanoTime() - found.nanos() >= PACE.toNanos() && asking.compareAndSet(false, true)) {
      Thread.ofVirtual().name("topic-look").start(this::ask);
    }
    return found;
  }

  private void ask() {
    try {
      List<LiveState.Topic> topics =
          Backlog.of(messaging, PATIENCE).stream().map(TopicLook::topic).toList();
      found = new Found(topics, "", System.nanoTime());
    } catch (MessagingException e) {
      found = new Found(List.of(), e.getMessage(), System.nanoTime());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      asking.set(false);
    }
  }

  private static LiveState.Topic topic(TopicState state) {
    return new LiveState.Topic(
        state.topic(), state.records(), state.waiting().orElse(NO_QUEUE), state.workers());
  }
}
