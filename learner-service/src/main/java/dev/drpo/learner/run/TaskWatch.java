package dev.drpo.learner.run;

import dev.drpo.learner.counts.RunCounters;
import dev.drpo.learner.weights.PublishedVersions;
import dev.drpo.proto.records.v1.SamplingParameters;
import dev.drpo.runtime.messaging.QueueBacklog.Answer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/**
 * Waits for the groups of tasks, and sends out again those that are lost. A task is lost when its
 * group is nowhere: neither of the work queues has a record that anybody may still be given, both
 * logs are read to their ends, and it is in none of them. Records move from the prompts to the
 * rollouts and on to a log, and leave a place only after they are in the next; so the places are
 * looked at in this order. A task that is sent twice is harmless: its second group is a duplicate.
 *
 * <p>A broker that does not tell what is open is waited for until nothing has come for long, and
 * each time twice as long.
 */
final class TaskWatch {
  private static final Logger LOG = Logger.getLogger(TaskWatch.class);
  private static final int NAMED = 3;

  private final GroupInbox inbox;
  private final PromptDispatcher dispatcher;
  private final PublishedVersions versions;
  private final WorkQueues queues;
  private final RunCounters counters;
  private final Duration every;
  private final Duration patience;
  private boolean toldOfUntold;

  /** What is open in the work queues. */
  interface WorkQueues {
    /** Tasks that a rollout replica has or may be given. */
    Answer prompts() throws InterruptedException;

    /** Groups that a reward replica has or may be given. */
    Answer rollouts() throws InterruptedException;
  }

  /**
   * Watches over what a dispatcher sends.
   *
   * @param versions that tasks wait for before they are sent
   * @param every how long nothing arrives before the queues are looked at, each time
   * @param patience how long nothing arrives before tasks count as lost, where the broker does not
   *     tell what is open
   */
  TaskWatch(
      GroupInbox inbox,
      PromptDispatcher dispatcher,
      PublishedVersions versions,
      WorkQueues queues,
      RunCounters counters,
      Duration every,
      Duration patience) {
    this.inbox = inbox;
    this.dispatcher = dispatcher;
    this.versions = versions;
    this.queues = queues;
    this.counters = counters;
    this.every = every;
    this.patience = patience;
  }

  /**
   * Waits until every task has a scored group or is a dead letter.
   *
   * @param onArrival told how many are there, whenever it may have changed
   */
  void await(
      List<PromptDispatcher.Task> tasks, SamplingParameters sampling, Consumer<Integer> onArrival)
      throws InterruptedException {
    Search search = new Search(tasks, sampling);
    inbox.await(
        tasks.stream().map(PromptDispatcher.Task::key).toList(), onArrival, every, search::look);
  }

  /** One wait's search for lost tasks. */
  private final class Search {
    private final List<PromptDispatcher.Task> tasks;
    private final SamplingParameters sampling;
    private Duration patienceLeft = patience;

    Search(List<PromptDispatcher.Task> tasks, SamplingParameters sampling) {
      this.tasks = tasks;
      this.sampling = sampling;
    }

    void look(Duration silence) throws InterruptedException {
      // What waits for its weights to be out is not in any queue yet.
      versions.await();
      Answer prompts = queues.prompts();
      Answer open = isEmpty(prompts) ? queues.rollouts() : prompts;
      switch (open) {
        case Answer.Open(long records) -> {
          if (records == 0) {
            sendLost("nobody works on them");
          }
        }
        case Answer.Away() -> LOG.debug("the broker does not say what is open");
        case Answer.Untold(String reason) -> waitLonger(silence, reason);
      }
    }

    private void waitLonger(Duration silence, String reason) throws InterruptedException {
      if (!toldOfUntold) {
        LOG.warnf(
            "the broker does not tell which tasks are under way: %s; allow this user to describe"
                + " the run's share groups. Tasks that nothing is heard of for %d s are sent again",
            reason, patience.toSeconds());
        toldOfUntold = true;
      }
      if (silence.compareTo(patienceLeft) >= 0) {
        sendLost("nothing was heard of them for " + silence.toSeconds() + " s");
        patienceLeft = silence.multipliedBy(2);
      }
    }

    private void sendLost(String why) throws InterruptedException {
      inbox.readToTheEnd();
      List<PromptDispatcher.Task> lost =
          tasks.stream().filter(task -> !inbox.has(task.key())).toList();
      if (lost.isEmpty()) {
        return;
      }
      LOG.warnf("%d tasks are lost and sent again, %s: %s", lost.size(), why, names(lost));
      dispatcher.dispatch(lost, sampling);
      counters.resent(lost.size());
    }
  }

  private static boolean isEmpty(Answer answer) {
    return answer instanceof Answer.Open(long records) && records == 0;
  }

  private static String names(List<PromptDispatcher.Task> tasks) {
    return tasks.stream()
            .limit(NAMED)
            .map(task -> task.key().prompt() + " of step " + task.key().step())
            .collect(Collectors.joining(", "))
        + Optional.of(tasks.size() - NAMED)
            .filter(more -> more > 0)
            .map(more -> " and " + more + " more")
            .orElse("");
  }
}
