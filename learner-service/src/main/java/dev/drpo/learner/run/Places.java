package dev.drpo.learner.run;

import dev.drpo.learner.step.TrainingGroup;
import dev.drpo.objectives.Signal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The places of a step's groups, one per problem of the step. A group with signal may take the
 * place of one without, or of one that became a dead letter, so that the mini-batches keep their
 * size; what nobody replaces stays.
 */
final class Places {
  private final List<Optional<TrainingGroup>> places;
  private final Signal signal;
  private int refilled;

  /**
   * Gives each group its place.
   *
   * @param signal what a group needs to be learned from
   */
  Places(List<Optional<TrainingGroup>> groups, Signal signal) {
    this.places = new ArrayList<>(groups);
    this.signal = signal;
  }

  /** How many places wait for a group with signal. */
  int withoutSignal() {
    return (int) places.stream().filter(this::isWithoutSignal).count();
  }

  /** Gives places without signal, the first ones first, to those of the groups that have it. */
  void refill(List<Optional<TrainingGroup>> further) {
    int next = 0;
    for (Optional<TrainingGroup> group : further) {
      if (isWithoutSignal(group)) {
        continue;
      }
      while (next < places.size() && !isWithoutSignal(places.get(next))) {
        next++;
      }
      if (next == places.size()) {
        return;
      }
      places.set(next, group);
      refilled++;
    }
  }

  /** The groups in their places; dead letters leave none. */
  List<TrainingGroup> groups() {
    return places.stream().flatMap(Optional::stream).toList();
  }

  /** How many places were given to another group. */
  int refilled() {
    return refilled;
  }

  private boolean isWithoutSignal(Optional<TrainingGroup> group) {
    return group.filter(present -> present.has(signal)).isEmpty();
  }
}
