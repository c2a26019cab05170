package dev.drpo.rollout.weights;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Tells those who wait for a step's weights when the learner has taken the step back: it died and
 * resumed from an older checkpoint, and gets there again only later.
 *
 * <p>A learner announces steps in rising order, and a step before it asks for its weights. Once the
 * log has been read to an end that it had after somebody asked, the announcement that the question
 * rests on has been read, so that a newest announcement of an older step is of a later life of the
 * learner. Before, it may only mean that this replica reads behind, or reads the log anew.
 *
 * <p>Anyone may watch; everything else is for the thread that reads the log.
 */
final class TakenBackSteps {
  private record Watch(long step, CompletableFuture<Long> takenBack) {}

  private final Queue<Watch> arrivals = new ConcurrentLinkedQueue<>();
  private final List<Watch> unmarked = new ArrayList<>();
  private final Map<Watch, WeightLog.Mark> marked = new LinkedHashMap<>();
  private OptionalLong newest = OptionalLong.empty();

  /**
   * Watches a step whose weights somebody asks for.
   *
   * @return completes with the older step that the learner resumed from, if it ever does; to be
   *     cancelled when nobody waits any more
   */
  CompletableFuture<Long> watch(long step) {
    Watch watch = new Watch(step, new CompletableFuture<>());
    // The starting policy can't be taken back.
    if (step > 0) {
      arrivals.add(watch);
    }
    return watch.takenBack();
  }

  /** A step was announced. */
  void announced(long step) {
    newest = OptionalLong.of(step);
  }

  /** The log is read anew, perhaps another one: marks of the one before mean nothing in it. */
  void reopened() {
    unmarked.addAll(marked.keySet());
    marked.clear();
  }

  /** A record could not be understood, so that the newest step is not known. */
  void missedOne() {
    newest = OptionalLong.empty();
  }

  /** To be called after what was read has been announced here. */
  void tell(WeightLog log) {
    unmarked.removeIf(watch -> watch.takenBack().isDone());
    marked.keySet().removeIf(watch -> watch.takenBack().isDone());
    mark(log);
    marked.forEach(
        (watch, mark) -> {
          if (newest.isPresent() && newest.getAsLong() < watch.step() && log.hasRead(mark)) {
            watch.takenBack().complete(newest.getAsLong());
          }
        });
  }

  private void mark(WeightLog log) {
    for (Watch watch = arrivals.poll(); watch != null; watch = arrivals.poll()) {
      unmarked.add(watch);
    }
    if (!unmarked.isEmpty()) {
      // Asked for after the arrivals were taken, or the end might be older than one of them.
      WeightLog.Mark end = log.end();
      unmarked.forEach(watch -> marked.put(watch, end));
      unmarked.clear();
    }
  }
}
