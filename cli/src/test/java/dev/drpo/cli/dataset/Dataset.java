package dev.drpo.cli.dataset;

import dev.drpo.cli.Drpo;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine;

/** The command {@code drpo dataset} in this process, with what it says. */
final class Dataset {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  /** Runs a subcommand: the exit code. */
  int run(Object... arguments) {
    CommandLine command = Drpo.commandLine();
    command.setOut(new PrintWriter(out, true));
    command.setErr(new PrintWriter(err, true));
    List<String> words = new ArrayList<>(List.of("dataset"));
    Arrays.stream(arguments).map(Object::toString).forEach(words::add);
    return command.execute(words.toArray(String[]::new));
  }

  String out() {
    return out.toString();
  }

  String err() {
    return err.toString();
  }

  /** Copies a file of the test resources into a folder. */
  static Path resource(String name, Path folder) throws IOException {
    try (InputStream in = Dataset.class.getResourceAsStream(name)) {
      Path file = folder.resolve(name);
      Files.copy(in, file);
      return file;
    }
  }
}
