package dev.drpo.tracking.tensorboard;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The event files of a run, one for each of its processes, in the order of their names.
 *
 * @param files in order
 * @param steps that have an event
 * @param evaluations policy steps that have an event of their evaluation
 */
record EventFolder(List<Path> files, Set<Long> steps, Set<Long> evaluations) {
  static final String PREFIX = "events.out.tfevents.";

  private static final Pattern SECOND =
      Pattern.compile(Pattern.quote(PREFIX) + "(\\d{1,12})(?!\\d)");

  /** Begins the tags of evaluations. */
  static final String EVALUATION = "eval/";

  /**
   * Takes back the files of a run to where it goes on: events of the next step, and all behind
   * them, are cut off, as is a record that a crash has torn.
   *
   * @param nextStep the first that is written again
   * @throws IOException if a file can't be read or cut
   */
  static EventFolder takeBack(Path folder, long nextStep) throws IOException {
    Files.createDirectories(folder);
    List<Path> found = new ArrayList<>();
    try (DirectoryStream<Path> names = Files.newDirectoryStream(folder, PREFIX + "*")) {
      names.forEach(found::add);
    }
    found.sort(null);
    EventFolder kept = new EventFolder(new ArrayList<>(), new HashSet<>(), new HashSet<>());
    boolean ended = false;
    for (Path file : found) {
      if (ended) {
        Files.delete(file);
        continue;
      }
      Scan scan = new Scan(nextStep, kept);
      TfRecords.read(file, scan::accept);
      if (scan.end < Files.size(file)) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
          channel.truncate(scan.end);
        }
      }
      kept.files.add(file);
      ended = scan.ended;
    }
    return kept;
  }

  /** Goes through a file up to the first event that does not stay. */
  private static final class Scan {
    private final long nextStep;
    private final EventFolder kept;
    private long end;
    private boolean ended;

    Scan(long nextStep, EventFolder kept) {
      this.nextStep = nextStep;
      this.kept = kept;
    }

    void accept(TfRecords.Entry entry) {
      if (ended) {
        return;
      }
      Event.Subject subject;
      try {
        subject = Event.subject(entry.data());
      } catch (IOException e) {
        // Its checksum is right: somebody else's, which stays.
        subject = new Event.Subject(0, "");
      }
      if (subject.tag().isEmpty()) {
        end = entry.end();
      } else if (subject.step() >= nextStep) {
        ended = true;
      } else {
        (subject.tag().startsWith(EVALUATION) ? kept.evaluations : kept.steps).add(subject.step());
        end = entry.end();
      }
    }
  }

  /** The name of the next file, which stands behind all others. */
  Path next(Path folder, long epochSecond) {
    long second = epochSecond;
    for (Path file : files) {
      Matcher begun = SECOND.matcher(file.getFileName().toString());
      if (begun.lookingAt()) {
        second = Math.max(second, Long.parseLong(begun.group(1)) + 1);
      }
    }
    return folder.resolve("%s%010d.drpo".formatted(PREFIX, second));
  }
}
