package dev.drpo.reports.samples;

import dev.drpo.reports.ReportJson;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.NavigableMap;
import java.util.zip.GZIPOutputStream;

/**
 * Writes a run's kept responses, a file a step ({@link SampleFiles}), and keeps their sum within a
 * bound. A file is written aside and moved to its place, so that a run which is killed leaves whole
 * files alone.
 *
 * <p>Not thread-safe: one thread of the learner writes.
 */
public final class SampleLog {
  private final SampleFiles files;
  private final long mostBytes;
  private final NavigableMap<Long, Long> sizes;

  private SampleLog(SampleFiles files, long mostBytes, NavigableMap<Long, Long> sizes) {
    this.files = files;
    this.mostBytes = mostBytes;
    this.sizes = sizes;
  }

  /**
   * Opens the log of a run that continues with {@code nextStep}. What was kept of that step and of
   * later ones is removed: the checkpoint precedes them, and the run takes them again.
   *
   * @param run the run's folder
   * @param mostBytes that all files take together
   */
  public static SampleLog open(Path run, long nextStep, long mostBytes) throws IOException {
    SampleFiles files = SampleFiles.ofRun(run);
    NavigableMap<Long, Long> sizes = files.sizes();
    for (long later : List.copyOf(sizes.tailMap(nextStep, true).keySet())) {
      Files.deleteIfExists(files.file(later));
      sizes.remove(later);
    }
    return new SampleLog(files, mostBytes, sizes);
  }

  /**
   * Writes what is kept of a step, and removes the oldest files if all are too many bytes now. The
   * first step's goes last of all but the newest, so that there is a start to compare with.
   *
   * @throws IOException if the disk is full; nothing is left of the step's file then
   */
  public void write(long step, List<SampleGroup> groups) throws IOException {
    Files.createDirectories(files.folder());
    Path file = files.file(step);
    Path aside = files.folder().resolve("." + file.getFileName() + ".part");
    try {
      try (FileChannel channel =
              FileChannel.open(
                  aside,
                  StandardOpenOption.CREATE,
                  StandardOpenOption.WRITE,
                  StandardOpenOption.TRUNCATE_EXISTING);
          GZIPOutputStream out = new GZIPOutputStream(Channels.newOutputStream(channel), 8192)) {
        write(groups, out);
        out.finish();
        // A move that outlives a power cut must not name a file that has lost its content.
        channel.force(true);
      }
      Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(aside);
    }
    sizes.put(step, Files.size(file));
    removeOldest();
  }

  private static void write(List<SampleGroup> groups, OutputStream out) throws IOException {
    for (SampleGroup group : groups) {
      out.write(
          (ReportJson.MAPPER.writeValueAsString(group) + "\n").getBytes(StandardCharsets.UTF_8));
    }
  }

  private void removeOldest() throws IOException {
    long all = sizes.values().stream().mapToLong(Long::longValue).sum();
    while (all > mostBytes && sizes.size() > 1) {
      long oldest = sizes.size() > 2 ? sizes.higherKey(sizes.firstKey()) : sizes.firstKey();
      all -= sizes.remove(oldest);
      Files.deleteIfExists(files.file(oldest));
    }
  }
}
