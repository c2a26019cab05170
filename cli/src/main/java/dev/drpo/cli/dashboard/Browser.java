package dev.drpo.cli.dashboard;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/** Opens a page in the user's browser. */
public final class Browser {
  private static final File NOTHING = new File("/dev/null");

  private Browser() {}

  /**
   * Asks the desktop to open a page; whoever has none is told to do it by hand.
   *
   * @param say tells a person
   */
  public static void open(URI page, Consumer<String> say) {
    boolean mac = System.getProperty("os.name", "").toLowerCase(Locale.ROOT).contains("mac");
    try {
      new ProcessBuilder(List.of(mac ? "open" : "xdg-open", page.toString()))
          .redirectErrorStream(true)
          .redirectOutput(NOTHING)
          .start();
    } catch (IOException e) {
      say.accept("no browser could be opened (%s); open %s".formatted(e.getMessage(), page));
    }
  }
}
