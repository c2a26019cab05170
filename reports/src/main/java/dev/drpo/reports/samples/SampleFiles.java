package dev.drpo.reports.samples;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.drpo.reports.ReportJson;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * The files of a run's kept responses: {@code samples/step-00000012.jsonl.gz} in the run's folder
 * holds those of step 12, compressed by gzip, one {@link SampleGroup} a line. A file appears whole.
 *
 * @param folder that holds the files
 */
public record SampleFiles(Path folder) {
  private static final Pattern NAME = Pattern.compile("step-(\\d{8,18})\\.jsonl\\.gz");

  /** Those of a run. */
  public static SampleFiles ofRun(Path run) {
    return new SampleFiles(run.resolve("samples"));
  }

  /** The steps whose responses are kept, in order; none where there is no folder. */
  public List<Long> steps() throws IOException {
    return List.copyOf(sizes().keySet());
  }

  /**
   * What is kept of a step; nothing if it has no file.
   *
   * @throws IOException if the file is damaged or can't be read
   */
  public List<SampleGroup> read(long step) throws IOException {
    Path file = file(step);
    List<SampleGroup> groups = new ArrayList<>();
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        groups.add(ReportJson.MAPPER.readValue(line, SampleGroup.class));
      }
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (ZipException | EOFException | JsonProcessingException e) {
      throw new IOException(
          "%s is damaged (%s); delete it, the run does not need it".formatted(file, e.getMessage()),
          e);
    }
    return groups;
  }

  /** When a step's file was written, since 1970; 0 if it has none. */
  public long modifiedMillis(long step) {
    return file(step).toFile().lastModified();
  }

  Path file(long step) {
    return folder.resolve("step-%08d.jsonl.gz".formatted(step));
  }

  /** Bytes of each step's file. */
  NavigableMap<Long, Long> sizes() throws IOException {
    NavigableMap<Long, Long> sizes = new TreeMap<>();
    if (!Files.isDirectory(folder)) {
      return sizes;
    }
    try (Stream<Path> all = Files.list(folder)) {
      for (Path file : all.toList()) {
        Matcher name = NAME.matcher(file.getFileName().toString());
        if (name.matches()) {
          sizes.put(Long.parseLong(name.group(1)), file.toFile().length());
        }
      }
    }
    return sizes;
  }
}
