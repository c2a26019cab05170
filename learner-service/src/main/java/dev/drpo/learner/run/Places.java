package dev.drpo.learner.run;

import dev.drpo.learner.step.TrainingGroup;
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
  private int refilled;

  Places(List<Optional<TrainingGroup>> groups) {
    this.places = new ArrayList<>(groups);
  }

  /** How many places wait for a group with signal. */
  int withoutSignal() {
    return (int) places.stream().filter(Places::isWithoutSignal).count();
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

  private static boolean isWithoutSignal(Optional<TrainingGroup> group) {
    return !group.map(TrainingGroup::hasSignal).orElse(false);
  }
}
