package dev.drpo.cli.chaos;

import java.time.Duration;
import java.util.List;

/** Something that is made to go wrong. Targets are processes, by the names of {@link Crew}. */
sealed interface Fault {
  /** What happens, for a person. */
  String description();

  /** SIGKILL, to all targets at once. */
  record Kill(List<String> targets) implements Fault {
    public Kill {
      targets = List.copyOf(targets);
    }

    @Override
    public String description() {
      return "kill " + String.join(" and ", targets);
    }
  }

  /**
   * SIGSTOP, and SIGCONT some time later: a process that hangs, and then goes on as if it had not.
   */
  record Hang(String target, Duration time) implements Fault {
    @Override
    public String description() {
      return "hang %s for %d s".formatted(target, time.toSeconds());
    }
  }

  /** SIGKILL to the broker, whose folder is then deleted. */
  record LoseData(Moment moment) implements Fault {
    @Override
    public String description() {
      return "kill the broker and delete its data, " + moment.description();
    }
  }

  /** Every process ends in order, the broker included, and starts again. */
  record Restart() implements Fault {
    @Override
    public String description() {
      return "stop everything and start it again";
    }
  }

  /**
   * The newest patch is in the weight log once more, with a chunk whose bytes changed on the way.
   *
   * @param draw which chunk and which byte; any number
   */
  record DamagedChunk(long draw) implements Fault {
    @Override
    public String description() {
      return "damage a chunk of a weight patch";
    }
  }

  /** A chunk of a patch arrives in the weight log long after its patch was used. */
  record LateChunk() implements Fault {
    @Override
    public String description() {
      return "deliver a chunk of an old weight patch";
    }
  }

  /** The wall clock of a process jumps, and stays there. */
  record ClockJump(String target, Duration by) implements Fault {
    @Override
    public String description() {
      return "set the clock of %s %s by %d s"
          .formatted(target, by.isNegative() ? "back" : "forward", by.abs().toSeconds());
    }
  }
}
