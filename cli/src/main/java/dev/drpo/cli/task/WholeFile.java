package dev.drpo.cli.task;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Iterator;
import java.util.stream.Stream;

/** A file of JSON lines that appears whole or not at all. */
public final class WholeFile {
  private static final ObjectMapper JSON = new ObjectMapper();

  private WholeFile() {}

  /** Writes one line for each value, which Jackson turns into JSON. */
  public static void write(Path file, Stream<?> values) throws IOException {
    Path unfinished = file.resolveSibling(file.getFileName() + ".new");
    try {
      try (BufferedWriter writer = Files.newBufferedWriter(unfinished)) {
        for (Iterator<?> rest = values.iterator(); rest.hasNext(); ) {
          writer.write(JSON.writeValueAsString(rest.next()));
          writer.write('\n');
        }
      }
      Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(unfinished);
    }
  }
}
