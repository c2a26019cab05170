package dev.drpo.cli.dataset.source;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.drpo.problems.DataException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** How a file holds its rows. */
public enum SourceFormat {
  PARQUET {
    @Override
    List<ObjectNode> read(Path file) throws IOException {
      return ParquetRows.read(file);
    }
  },
  /** An array of objects, or one object after the other, as in JSON lines. */
  JSON {
    @Override
    List<ObjectNode> read(Path file) throws IOException {
      return JsonRows.read(file);
    }
  },
  /** With the names of the columns in the first line. */
  CSV {
    @Override
    List<ObjectNode> read(Path file) throws IOException {
      return CsvRows.read(file, ',');
    }
  },
  /** CSV with tabs. */
  TSV {
    @Override
    List<ObjectNode> read(Path file) throws IOException {
      return CsvRows.read(file, '\t');
    }
  };

  private static final byte[] PARQUET_MAGIC = "PAR1".getBytes(StandardCharsets.US_ASCII);

  abstract List<ObjectNode> read(Path file) throws IOException;

  /** For a person. */
  public String title() {
    return this == PARQUET ? "Parquet" : name();
  }

  /**
   * The rows of a file, in its order.
   *
   * @throws DataException if it is missing, of no known format, broken or empty; the message names
   *     the file
   */
  public static List<ObjectNode> rows(Path file) {
    SourceFormat format = of(file);
    try {
      List<ObjectNode> rows = format.read(file);
      if (rows.isEmpty()) {
        throw new DataException(file + " holds no row");
      }
      return rows;
    } catch (IOException e) {
      throw new DataException(file + " can't be read: " + e.getMessage());
    }
  }

  /**
   * The format of a file: by what it begins with, and only for CSV by its name.
   *
   * @throws DataException if the file is missing or of no known format
   */
  public static SourceFormat of(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new DataException(
          file
              + (Files.exists(file) ? " is no file" : " does not exist")
              + "; give a Parquet, JSON, JSON lines or CSV file");
    }
    String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
    if (name.endsWith(".csv")) {
      return CSV;
    }
    if (name.endsWith(".tsv")) {
      return TSV;
    }
    byte[] start = start(file);
    if (Arrays.equals(start, 0, Math.min(4, start.length), PARQUET_MAGIC, 0, 4)) {
      return PARQUET;
    }
    String text = new String(start, StandardCharsets.UTF_8).replace("\uFEFF", "").strip();
    if (text.startsWith("[") || text.startsWith("{")) {
      return JSON;
    }
    if (text.startsWith("version https://git-lfs")) {
      throw new DataException(
          file + " only points to a file that Git LFS keeps; fetch it with git lfs pull");
    }
    throw new DataException(
        file
            + " is neither Parquet nor JSON by what it begins with; a CSV file's name has to end in"
            + " .csv or .tsv");
  }

  private static byte[] start(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      return in.readNBytes(4096);
    } catch (IOException e) {
      throw new DataException(file + " can't be read: " + e.getMessage());
    }
  }
}
