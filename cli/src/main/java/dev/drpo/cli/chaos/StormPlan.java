package dev.drpo.cli.chaos;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * What befalls a run, in order: a function of the seed and the run's size alone. Strikes are spread
 * evenly over the run, each at a random place of its part.
 */
record StormPlan(long seed, List<Strike> strikes) {
  /** Faults of a kind, beside kills, for so many kills. */
  private static final int KILLS_PER_EXTRA = 5;

  /** Part of the run that is struck: what waits for its moment has the rest to come in. */
  private static final double STRUCK = 0.95;

  private static final int MAX_DELAY_MILLIS = 400;
  private static final Duration CLOCK_JUMP = Duration.ofMinutes(50);

  StormPlan {
    strikes = List.copyOf(strikes);
  }

  /** Nothing happens. */
  static StormPlan calm() {
    return new StormPlan(0, List.of());
  }

  /** The broker loses its data, at one moment after the other, and nothing else happens. */
  static StormPlan ofLosses(long seed, List<Moment> moments) {
    return new StormPlan(
        seed,
        moments.stream()
            .map(moment -> new Strike(0, Duration.ZERO, new Fault.LoseData(moment)))
            .toList());
  }

  /**
   * What the plan is made for.
   *
   * @param groups training groups of the run
   * @param kills strikes that kill
   * @param hang how long a process hangs
   * @param clocks whether clocks can be set
   */
  record Scope(int groups, int kills, Duration hang, boolean clocks) {}

  /** Plans a storm. */
  static StormPlan of(long seed, Scope scope) {
    Random random = new Random(seed);
    List<Fault> faults = new ArrayList<>(kills(scope.kills(), random));
    faults.addAll(others(scope, random));
    Collections.shuffle(faults, random);
    List<Strike> strikes = new ArrayList<>();
    for (int i = 0; i < faults.size(); i++) {
      double place = STRUCK * (i + random.nextDouble()) / faults.size();
      strikes.add(
          new Strike(
              (int) (place * scope.groups()),
              Duration.ofMillis(random.nextInt(MAX_DELAY_MILLIS)),
              faults.get(i)));
    }
    return new StormPlan(seed, strikes);
  }

  /** Among five kills, one is of everything at once and one of two; every process has its turn. */
  private static List<Fault> kills(int count, Random random) {
    List<Fault> kills = new ArrayList<>();
    List<String> deck = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      if (i % KILLS_PER_EXTRA == 3) {
        kills.add(new Fault.Kill(two(deck, random)));
      } else if (i % KILLS_PER_EXTRA == 4) {
        kills.add(new Fault.Kill(Crew.NAMES));
      } else {
        kills.add(new Fault.Kill(List.of(draw(deck, random))));
      }
    }
    return kills;
  }

  private static List<Fault> others(Scope scope, Random random) {
    List<Fault> others = new ArrayList<>();
    others.add(new Fault.Restart());
    for (int i = 0; i < Math.max(1, scope.kills() / KILLS_PER_EXTRA); i++) {
      others.add(new Fault.Hang(any(Crew.CLIENTS, random), scope.hang()));
    }
    others.add(new Fault.DamagedChunk(random.nextLong()));
    others.add(new Fault.LateChunk());
    if (scope.clocks()) {
      Duration by = random.nextBoolean() ? CLOCK_JUMP : CLOCK_JUMP.negated();
      others.add(new Fault.ClockJump(any(Crew.CLIENTS, random), by));
    }
    return others;
  }

  /** The next of a shuffled deck of processes, so that none is left out for long. */
  private static String draw(List<String> deck, Random random) {
    if (deck.isEmpty()) {
      deck.addAll(Crew.NAMES);
      Collections.shuffle(deck, random);
    }
    return deck.removeLast();
  }

  private static List<String> two(List<String> deck, Random random) {
    Set<String> two = new LinkedHashSet<>();
    while (two.size() < 2) {
      two.add(draw(deck, random));
    }
    return List.copyOf(two);
  }

  private static String any(List<String> names, Random random) {
    return names.get(random.nextInt(names.size()));
  }

  /** Strikes that kill. */
  int kills() {
    return (int) strikes.stream().filter(strike -> strike.fault() instanceof Fault.Kill).count();
  }
}
