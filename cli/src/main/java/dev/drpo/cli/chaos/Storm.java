package dev.drpo.cli.chaos;

import dev.drpo.cli.process.ProcessFailure;
import dev.drpo.cli.process.Respawner;
import dev.drpo.proto.learner.v1.GetStatusResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Strikes a run as its plan says, whenever a moment has come. One thread uses it. */
final class Storm {
  private final Crew crew;
  private final WeightTamper tamper;
  private final Consumer<String> notices;
  private final Deque<Strike> ahead;
  private final int promptsPerStep;
  private final List<Wake> hanging = new ArrayList<>();
  private final List<Evidence.Version> damaged = new ArrayList<>();
  private long due;
  private boolean isDue;
  private int strikes;
  private int kills;
  private int killed;
  private int losses;
  private GetStatusResponse before = GetStatusResponse.getDefaultInstance();
  private GetStatusResponse now = GetStatusResponse.getDefaultInstance();

  private record Wake(Respawner.Member member, long atNanos) {}

  /**
   * A storm that is about to begin.
   *
   * @param notices hears of each strike
   */
  Storm(
      StormPlan plan,
      int promptsPerStep,
      Crew crew,
      WeightTamper tamper,
      Consumer<String> notices) {
    this.crew = crew;
    this.tamper = tamper;
    this.notices = notices;
    this.ahead = new ArrayDeque<>(plan.strikes());
    this.promptsPerStep = promptsPerStep;
  }

  /** Whether what comes next depends on what the learner is about. */
  boolean awaitsMoment() {
    return ahead.peek() != null && ahead.peek().fault() instanceof Fault.LoseData;
  }

  /** Takes note of what the learner is about. */
  void heard(GetStatusResponse status) {
    before = now;
    now = status;
  }

  /** How often the broker has lost its data. */
  int losses() {
    return losses;
  }

  /**
   * Does what is due, and wakes what has hung for long enough.
   *
   * @param groups training groups that are scored
   */
  void advance(int groups) throws ProcessFailure, InterruptedException, IOException {
    wake();
    Strike next = ahead.peek();
    if (next == null || groups < next.groups()) {
      return;
    }
    if (!isDue) {
      isDue = true;
      due = System.nanoTime() + next.delay().toNanos();
    }
    if (System.nanoTime() - due >= 0 && strike(next.fault())) {
      notices.accept(next.description(promptsPerStep));
      strikes++;
      ahead.remove();
      isDue = false;
    }
  }

  private void wake() throws ProcessFailure, InterruptedException {
    for (Wake wake : List.copyOf(hanging)) {
      if (System.nanoTime() - wake.atNanos() >= 0) {
        wake.member().resume();
        hanging.remove(wake);
      }
    }
  }

  /** Does it; false if it has to wait for something that is not there yet. */
  private boolean strike(Fault fault) throws ProcessFailure, InterruptedException, IOException {
    switch (fault) {
      case Fault.Kill(List<String> targets) -> {
        kills++;
        for (String target : targets) {
          killed += crew.member(target).isAlive() ? 1 : 0;
          crew.member(target).kill();
        }
      }
      case Fault.Hang(String target, Duration time) -> {
        if (!crew.member(target).isAlive()) {
          return false;
        }
        crew.member(target).pause();
        hanging.add(new Wake(crew.member(target), System.nanoTime() + time.toNanos()));
      }
      case Fault.LoseData(Moment moment) -> {
        if (!crew.member(Crew.BROKER).isAlive() || !moment.hasCome(before, now)) {
          return false;
        }
        losses++;
        kills++;
        killed++;
        crew.loseData();
        // The moment of the next one is to come after this one.
        before = now;
      }
      case Fault.Restart() -> {
        wakeAll();
        crew.stopAll();
      }
      case Fault.DamagedChunk(long draw) -> {
        Optional<Evidence.Version> version = tamper.damage(draw);
        version.ifPresent(damaged::add);
        return version.isPresent();
      }
      case Fault.LateChunk() -> {
        return tamper.late().isPresent();
      }
      case Fault.ClockJump(String target, Duration by) -> FakeClock.set(crew.clockFile(target), by);
    }
    return true;
  }

  private void wakeAll() throws ProcessFailure, InterruptedException {
    for (Wake wake : hanging) {
      wake.member().resume();
    }
    hanging.clear();
  }

  /** Strikes so far. */
  int strikes() {
    return strikes;
  }

  /** What has not come yet, because the run ended before. */
  List<Strike> ahead() {
    return List.copyOf(ahead);
  }

  /** Strikes that killed. */
  int kills() {
    return kills;
  }

  /** Processes that were killed. */
  int killed() {
    return killed;
  }

  /** Versions whose patch was damaged in the log. */
  List<Evidence.Version> damaged() {
    return List.copyOf(damaged);
  }
}
