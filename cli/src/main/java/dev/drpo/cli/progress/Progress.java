package dev.drpo.cli.progress;

import dev.drpo.proto.learner.v1.GetStatusResponse;
import java.io.Console;
import java.io.PrintStream;
import java.util.Map;

/** Shows a person where a run stands. */
public interface Progress extends AutoCloseable {
  /** Shows the learner's state; called again and again, whether it changed or not. */
  void show(GetStatusResponse status);

  /** Prints a line that stays. */
  void notice(String line);

  /** Leaves the cursor at the start of a fresh line. */
  @Override
  void close();

  /** Shows it on the standard output of this process. */
  static Progress onStandardOutput() {
    // Whether a console exists without a terminal depends on the platform's console provider.
    Console console = System.console();
    return on(System.out, console != null && console.isTerminal(), System.getenv());
  }

  /**
   * A live bar on a terminal that can draw one, else plain lines.
   *
   * @param terminal whether {@code out} is one
   * @param environment {@code NO_COLOR} or {@code TERM=dumb} ask for plain lines
   */
  static Progress on(PrintStream out, boolean terminal, Map<String, String> environment) {
    boolean plain =
        !terminal
            || !environment.getOrDefault("NO_COLOR", "").isEmpty()
            || environment.getOrDefault("TERM", "dumb").equals("dumb");
    return plain ? new PlainProgress(out) : new LiveProgress(out);
  }
}
