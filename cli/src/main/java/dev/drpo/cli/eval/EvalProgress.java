package dev.drpo.cli.eval;

import dev.drpo.evaluation.JudgedProblem;
import dev.drpo.evaluation.JudgedSample;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.function.LongSupplier;

/** Where an evaluation stands: a line that is drawn anew on a terminal, else one for each tenth. */
final class EvalProgress {
  private static final String ERASE = "\r\u001b[K";
  private static final int PARTS = 10;
  private static final long REDRAW_NANOS = Duration.ofMillis(250).toNanos();

  private final PrintWriter err;
  private final boolean terminal;
  private final int total;
  private final LongSupplier clock;
  private int recalled;
  private int done;
  private int right;
  private int samples;
  private long tokens;
  private long started;
  private long drawn;

  /**
   * Of so many problems.
   *
   * @param clock nanoseconds
   */
  EvalProgress(PrintWriter err, boolean terminal, int total, LongSupplier clock) {
    this.err = err;
    this.terminal = terminal;
    this.total = total;
    this.clock = clock;
  }

  /** Counts a problem that an earlier process has answered. */
  void recall(JudgedProblem problem) {
    recalled++;
    count(problem);
  }

  /** Says that answering begins. */
  void begin() {
    started = clock.getAsLong();
    drawn = started - REDRAW_NANOS;
    if (recalled > 0) {
      line("drpo: %,d of %,d problems are answered already".formatted(recalled, total));
    }
  }

  /** Counts and shows a problem that has just been answered. */
  void add(JudgedProblem problem) {
    int part = done * PARTS / total;
    count(problem);
    tokens += problem.samples().stream().mapToInt(JudgedSample::length).sum();
    if (terminal) {
      boolean last = done == total;
      if (last || clock.getAsLong() - drawn >= REDRAW_NANOS) {
        drawn = clock.getAsLong();
        err.print(ERASE + state() + (last ? System.lineSeparator() : ""));
        err.flush();
      }
    } else if (done * PARTS / total > part) {
      line(state());
    }
  }

  private void count(JudgedProblem problem) {
    done++;
    right += problem.right();
    samples += problem.samples().size();
  }

  private String state() {
    double seconds = Math.max(1e-9, (clock.getAsLong() - started) / 1e9);
    long left = Math.round(seconds / (done - recalled) * (total - done));
    return String.format(
        Locale.ROOT,
        "  %,d of %,d problems, accuracy so far %.3f, %,.0f tokens/s%s",
        done,
        total,
        (double) right / samples,
        tokens / seconds,
        done == total ? "" : String.format(", %d min %d s left", left / 60, left % 60));
  }

  private void line(String text) {
    err.println(text);
    err.flush();
  }
}
