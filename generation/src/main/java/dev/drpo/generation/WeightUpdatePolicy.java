package dev.drpo.generation;

import java.util.List;

/** When new weights replace the old ones under running responses. */
public interface WeightUpdatePolicy {
  /** The configured names. */
  List<String> NAMES = List.of(FinishThenSwap.NAME, SwapInFlight.NAME);

  /** Whether new groups may start while an update waits. */
  boolean startsGroupsWhileWaiting();

  /** Whether a waiting update is applied now, with so many responses in the middle. */
  boolean swapsAt(int liveRows);

  /** The policy of a configured name. */
  static WeightUpdatePolicy named(String name) {
    return switch (name) {
      case FinishThenSwap.NAME -> new FinishThenSwap();
      case SwapInFlight.NAME -> new SwapInFlight();
      default -> throw new IllegalArgumentException(name + " is none of " + NAMES);
    };
  }
}
