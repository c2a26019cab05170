package dev.drpo.cli.arithmetic;

/**
 * While open, ends the process at once when it is told to exit, as by Ctrl-C.
 *
 * <p>An orderly exit would unload libtorch under a running tensor operation, which crashes the JVM.
 * Only for work that leaves nothing half done.
 */
final class HaltOnExit implements AutoCloseable {
  private static final int INTERRUPTED = 130;

  private final Thread hook = new Thread(() -> Runtime.getRuntime().halt(INTERRUPTED));

  HaltOnExit() {
    Runtime.getRuntime().addShutdownHook(hook);
  }

  @Override
  public void close() {
    Runtime.getRuntime().removeShutdownHook(hook);
  }
}
