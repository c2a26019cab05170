package dev.drpo.simulation;

import dev.drpo.simulation.machine.Chance;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Something that goes wrong in a schedule.
 *
 * @param atStep number of the threads' step before which it does
 * @param seed of what else there is to it
 */
record Fault(long atStep, Kind kind, long seed) {
  private static final int MOST = 7;
  private static final int LAST_STEP = 1200;

  enum Kind {
    KILL_LEARNER,
    KILL_REPLICA,
    KILL_JUDGE,
    KILL_SEVERAL,
    KILL_ALL,
    RESTART_BROKER,
    LOSE_DATA,
    FREEZE,
    LEAVE_IN_ORDER,
    CLOCK_JUMP,
    GARBAGE,
    STRANGER
  }

  /** The faults of a schedule, in their order; there may be none. */
  static List<Fault> draw(Chance chance) {
    List<Fault> faults = new ArrayList<>();
    int count = chance.below(MOST + 1);
    for (int i = 0; i < count; i++) {
      faults.add(
          new Fault(
              chance.below(LAST_STEP),
              Kind.values()[chance.below(Kind.values().length)],
              chance.seed()));
    }
    faults.sort(Comparator.comparingLong(Fault::atStep));
    return List.copyOf(faults);
  }
}
