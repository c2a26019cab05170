package dev.drpo.simulation;

import dev.drpo.simulation.machine.Chance;
import dev.drpo.simulation.machine.Host;
import java.time.Duration;

/** A service, whose process is started again whenever it ends. */
abstract class Service {
  private final World world;
  private final String name;
  private final Chance chance;
  private Host host;
  private int lives;

  Service(World world, String name) {
    this.world = world;
    this.name = name;
    this.chance = world.chance();
  }

  World world() {
    return world;
  }

  Host host() {
    return host;
  }

  Chance chance() {
    return chance;
  }

  /** How many processes there have been. */
  int lives() {
    return lives;
  }

  /** Begins a process, which has nothing of the one before it. */
  final void start() {
    lives++;
    Host begun = new Host(name, world.scheduler(), this::threadDied);
    host = begun;
    reset();
    world.trace().add("%s starts, life %d", name, lives);
    begun.start("main", () -> begin(begun));
  }

  /** Forgets what the process before had. */
  abstract void reset();

  /** What its main thread does. */
  abstract void begin(Host process);

  /** Leaves in order. What it does not manage until then, it does not get to do. */
  abstract void leave(Host process);

  private void threadDied(String thread, Throwable failure) {
    world.complain(name + " lost its thread " + thread + " by " + failure);
    kill(Duration.ofSeconds(1));
  }

  /** Ends the process where it stands, and starts another one after a while. */
  final void kill(Duration pause) {
    if (host.isDead()) {
      return;
    }
    world.trace().add("%s dies", name);
    host.kill();
    world.scheduler().after(pause, this::start);
  }

  /** Has the process leave in order, and starts another one after a while. */
  final void leave(Duration patience, Duration pause) {
    if (host.isDead()) {
      return;
    }
    world.trace().add("%s leaves in order", name);
    Host leaving = host;
    leaving.start("leave", () -> leave(leaving));
    world
        .scheduler()
        .after(
            patience,
            () -> {
              if (host == leaving) {
                kill(pause);
              }
            });
  }

  @Override
  public final String toString() {
    return name;
  }
}
