package dev.drpo.cli.exit;

/** Exit codes of every command. */
public final class ExitCode {
  /** The command did what it was asked. */
  public static final int OK = 0;

  /** The command was understood, and failed. */
  public static final int FAILED = 1;

  /** The command line, the configuration or the input can't be honoured; nothing was started. */
  public static final int USAGE = 2;

  /** Ctrl-C or SIGTERM ended the command. */
  public static final int INTERRUPTED = 130;

  /**
   * Whoever read the output stopped, as {@code head} does; what shells report of other programs.
   */
  public static final int OUTPUT_CLOSED = 141;

  private ExitCode() {}
}
