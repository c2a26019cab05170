package dev.drpo.learner.service;

import dev.drpo.runtime.messaging.Messaging;
import dev.drpo.runtime.messaging.QueueBacklog;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import org.apache.kafka.common.KafkaException;

/**
 * Asks the broker for the lag of the rollout replicas' share group. Safe for use by many threads.
 */
@Singleton
class PromptLag {
  private final Messaging messaging;
  private QueueBacklog backlog;

  PromptLag(Messaging messaging) {
    this.messaging = messaging;
  }

  /** Tasks that a rollout replica has or may be given. */
  QueueBacklog.Answer ask() throws InterruptedException {
    QueueBacklog open;
    try {
      open = open();
    } catch (KafkaException e) {
      // A client can't be opened while the broker's name does not resolve.
      return new QueueBacklog.Answer.Away();
    }
    return open.prompts();
  }

  private synchronized QueueBacklog open() {
    if (backlog == null) {
      backlog = QueueBacklog.open(messaging);
    }
    return backlog;
  }

  @PreDestroy
  synchronized void close() {
    if (backlog != null) {
      backlog.close();
    }
  }
}
