package dev.drpo.engines;

import dev.drpo.policy.checkpoint.PolicyVersion;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * What is asked of a server and what has come of it. Groups wait until their weights are there and
 * slots are free; each of their responses is a request of its own, which is sent again as long as
 * there is hope. All of it happens on one thread, that of {@code loop}.
 */
final class Dispatch {
  private static final Logger LOG = Logger.getLogger(Dispatch.class);

  /** Attempts at one response that come to nothing before its group does. */
  static final int MOST_FAILURES = 5;

  private final EngineServer server;
  private final ExternalEngineSettings settings;
  private final AnswerCheck check;
  private final Executor loop;
  private final DispatchCounters counters;
  private final Runnable changed;
  private final Consumer<String> trouble;

  private final Deque<RemoteGroup> waiting = new ArrayDeque<>();
  private final Set<RemoteGroup> running = new LinkedHashSet<>();
  private final Deque<Draft> toSend = new ArrayDeque<>();
  private final Set<Draft> inFlight = new LinkedHashSet<>();
  private PolicyVersion version;
  private String label;
  private Runnable firstToken = () -> {};
  private boolean open;
  private boolean admits;
  private RuntimeException stopped;
  private long requests;

  /**
   * Sends nothing before it is opened.
   *
   * @param loop runs one thing at a time
   * @param changed hears that responses have ended or were cut
   * @param trouble hears why the server may have lost its weights; nothing is sent from then on
   */
  Dispatch(
      EngineServer server,
      ExternalEngineSettings settings,
      Executor loop,
      DispatchCounters counters,
      Runnable changed,
      Consumer<String> trouble) {
    this.server = server;
    this.settings = settings;
    this.check = new AnswerCheck(settings.limits().vocabularySize());
    this.loop = loop;
    this.counters = counters;
    this.changed = changed;
    this.trouble = trouble;
  }

  /** Queues a group. */
  void submit(RemoteGroup group) {
    if (stopped != null) {
      group.fail(stopped);
      return;
    }
    waiting.add(group);
    var _ =
        group
            .result()
            .whenComplete(
                (sampled, abandoned) -> {
                  if (abandoned != null) {
                    loop.execute(() -> forget(group));
                  }
                });
    pump();
  }

  /**
   * Sends what waits, with these weights.
   *
   * @param first is run with the first token of them
   */
  void open(PolicyVersion weights, String itsLabel, Runnable first) {
    version = weights;
    label = itsLabel;
    firstToken = first;
    open = true;
    admits = true;
    pump();
  }

  /** Goes on after {@link #shut}, with the same weights. */
  void resume() {
    open = true;
    pump();
  }

  /** Starts no more groups; those that have begun go on. */
  void admitNone() {
    admits = false;
  }

  /** Sends nothing more; what is under way goes on. */
  void shut() {
    open = false;
  }

  /** Responses of groups that have begun and are not complete. */
  int live() {
    return running.stream().mapToInt(RemoteGroup::missing).sum();
  }

  /** Requests that are not answered. */
  int underWay() {
    return inFlight.size();
  }

  /** Gives up waiting for answers; what they would have told is sampled again. */
  void drop() {
    for (Draft draft : List.copyOf(inFlight)) {
      release(draft);
      toSend.add(draft);
    }
    stands();
  }

  /** Fails everything, now and later. */
  void stop(RuntimeException cause) {
    stopped = cause;
    open = false;
    List<RemoteGroup> all = new ArrayList<>(running);
    all.addAll(waiting);
    all.forEach(group -> group.fail(cause));
    all.forEach(this::forget);
  }

  /** A group whose future is done before its responses are has been cancelled, or has failed. */
  private void forget(RemoteGroup group) {
    waiting.remove(group);
    running.remove(group);
    group.drafts().forEach(this::release);
    toSend.removeIf(draft -> draft.group() == group);
    pump();
    changed.run();
  }

  private void release(Draft draft) {
    if (inFlight.remove(draft)) {
      Generation under = draft.running();
      draft.answered();
      under.cancel().run();
    }
  }

  private void pump() {
    if (open) {
      while (!toSend.isEmpty()) {
        send(toSend.remove());
      }
      for (Optional<RemoteGroup> next = next(); next.isPresent(); next = next()) {
        begin(next.get());
      }
    }
    stands();
  }

  private void begin(RemoteGroup group) {
    running.add(group);
    group.starts();
    if (!group.isDone()) {
      group.drafts().forEach(this::send);
    }
  }

  /** The first group whose weights are there, if groups may begin and there are slots for it. */
  private Optional<RemoteGroup> next() {
    if (!admits) {
      return Optional.empty();
    }
    int free = settings.limits().slots() - live();
    for (Iterator<RemoteGroup> groups = waiting.iterator(); groups.hasNext(); ) {
      RemoteGroup group = groups.next();
      if (group.request().requiredStep() <= version.step()) {
        if (group.size() > free) {
          return Optional.empty();
        }
        groups.remove();
        return Optional.of(group);
      }
    }
    return Optional.empty();
  }

  private void send(Draft draft) {
    SegmentRequest request = draft.next("drpo-" + requests++, ends(draft.group()), label);
    Generation generation = server.generate(request);
    draft.sent(request, generation);
    inFlight.add(draft);
    var _ =
        generation
            .result()
            .whenCompleteAsync(
                (segment, failure) -> arrived(draft, generation, segment, failure), loop);
  }

  /** The policy's own ends are told as well: a server may know others. */
  private List<Integer> ends(RemoteGroup group) {
    Set<Integer> ends = new TreeSet<>(settings.endOfSequence());
    ends.addAll(group.request().sampling().stopTokens());
    return List.copyOf(ends);
  }

  private void arrived(Draft draft, Generation generation, Segment segment, Throwable failure) {
    if (draft.running() != generation) {
      return; // Nobody waits for it any more.
    }
    draft.answered();
    inFlight.remove(draft);
    if (failure != null) {
      failed(draft, failure instanceof CompletionException wrapped ? wrapped.getCause() : failure);
    } else {
      try {
        check.require(segment, draft.asked());
        take(draft, segment);
      } catch (BadAnswerException e) {
        failed(draft, e);
      }
    }
    pump();
    changed.run();
  }

  private void take(Draft draft, Segment segment) {
    int drawn = segment.tokens().length;
    if (drawn > 0) {
      counters.drew(drawn);
      firstToken.run();
      firstToken = () -> {};
    } else if (open) {
      // Cut by somebody else before it began: not for ever.
      draft.failed();
      requireHope(draft, "requests are aborted before they begin");
    }
    if (!draft.append(segment, version)) {
      toSend.add(draft);
    } else if (draft.group().finished(draft)) {
      running.remove(draft.group());
      counters.completed();
      draft.group().complete();
    }
  }

  private void failed(Draft draft, Throwable cause) {
    draft.failed();
    switch (cause) {
      case BadAnswerException e -> {
        counters.unusable(e.fault());
        LOG.warnf("an answer of %s %s; it is asked for again", server.name(), e.getMessage());
        if (e.fault() == AnswerFault.OTHER_WEIGHTS) {
          trouble(e.getMessage());
        }
      }
      case EngineTroubleException e -> trouble(e.getMessage());
      case RuntimeException e -> {
        draft.group().fail(e);
        return;
      }
      default -> throw new IllegalStateException("an unknown failure of a request", cause);
    }
    toSend.add(draft);
    requireHope(draft, cause.getMessage());
  }

  private void requireHope(Draft draft, String reason) {
    if (draft.failures() >= MOST_FAILURES) {
      draft
          .group()
          .fail(
              new UnsampledGroupException(
                  "%s did not sample a response in %d attempts; the last one: %s"
                      .formatted(server.name(), MOST_FAILURES, reason)));
    }
  }

  private void trouble(String reason) {
    open = false;
    trouble.accept(reason);
  }

  private void stands() {
    counters.stands(live(), waiting.size());
  }

  /** Has something done on the loop, and waits. */
  void run(Runnable action) {
    CompletableFuture.runAsync(action, loop).join();
  }

  /** Asks something on the loop, and waits for the answer. */
  <T> T ask(Supplier<T> question) {
    return CompletableFuture.supplyAsync(question, loop).join();
  }
}
