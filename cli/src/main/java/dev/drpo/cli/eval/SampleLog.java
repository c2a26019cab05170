package dev.drpo.cli.eval;

import dev.drpo.evaluation.JudgedProblem;
import dev.drpo.evaluation.JudgedSample;
import dev.drpo.problems.Problem;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code samples.jsonl}: one line for each sample. A problem's lines are appended when all its
 * samples are judged, so that a killed process leaves whole problems and at most one broken one at
 * the end, which is cut off when the file is opened again. Texts stay on the disk.
 *
 * <p>Not thread-safe: one thread is the only user.
 */
final class SampleLog implements AutoCloseable {
  static final String FILE = "samples.jsonl";

  private final Path file;
  private final int samples;
  private final Map<Key, Block> blocks = new LinkedHashMap<>();
  private final FileChannel channel;
  private long end;

  /** A problem of a set. */
  record Key(String set, String problem) {}

  private record Block(JudgedProblem judged, long start, long bytes) {}

  private SampleLog(Path file, int samples) throws IOException {
    this.file = file;
    this.samples = samples;
    this.channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    try {
      if (!locked()) {
        throw new UnusableLog(
            file + " is being written by another process; wait for it, or give another --out");
      }
      // Of the channel, since closing another stream of the file would give up the lock (POSIX).
      read(new BufferedInputStream(Channels.newInputStream(channel), 1 << 16));
      channel.truncate(end);
    } catch (IOException | RuntimeException failure) {
      channel.close();
      throw failure;
    }
  }

  /** Takes the file for this log alone, until the channel is closed. */
  private boolean locked() throws IOException {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  /**
   * Opens a folder's log, and cuts off what a killed process left unfinished.
   *
   * @param samples to each problem
   * @throws UnusableLog if there are whole lines that can't be its own, or another process writes
   *     it
   */
  static SampleLog open(Path folder, int samples) throws IOException {
    return new SampleLog(folder.resolve(FILE), samples);
  }

  private void read(InputStream in) throws IOException {
    List<SampleLine> open = new ArrayList<>();
    long start = 0;
    long at = 0;
    int number = 0;
    for (byte[] line = line(in); line.length > 0; line = line(in)) {
      number++;
      boolean ended = line[line.length - 1] == '\n';
      Optional<SampleLine> read =
          ended
              ? SampleLine.read(new String(line, StandardCharsets.UTF_8)).filter(l -> fits(open, l))
              : Optional.empty();
      at += line.length;
      if (read.isEmpty()) {
        if (ended && in.read() >= 0) {
          throw new UnusableLog(
              "%s, line %d is none of this evaluation's; restore the file, or delete the line and all behind it"
                  .formatted(file, number));
        }
        return;
      }
      open.add(read.get());
      if (open.size() == samples) {
        keep(open, start, at - start);
        open.clear();
        start = at;
      }
    }
  }

  private boolean fits(List<SampleLine> open, SampleLine line) {
    return line.sample() == open.size()
        && (open.isEmpty()
            ? !blocks.containsKey(key(line))
            : key(open.getFirst()).equals(key(line)));
  }

  private static Key key(SampleLine line) {
    return new Key(line.set(), line.problem());
  }

  /** The next line with its end, if it has one; nothing at the end of the file. */
  private static byte[] line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b = in.read(); b >= 0; b = in.read()) {
      line.write(b);
      if (b == '\n') {
        break;
      }
    }
    return line.toByteArray();
  }

  private void keep(List<SampleLine> lines, long start, long bytes) {
    SampleLine first = lines.getFirst();
    List<JudgedSample> judged = lines.stream().map(SampleLine::judged).toList();
    blocks.put(key(first), new Block(new JudgedProblem(first.problem(), judged), start, bytes));
    end = start + bytes;
  }

  /** Appends a problem. */
  void append(Key key, List<Response> responses, JudgedProblem judged) throws IOException {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < samples; i++) {
      lines.append(
          SampleLine.of(key.set(), key.problem(), i, responses.get(i), judged.samples().get(i)));
    }
    ByteBuffer bytes = ByteBuffer.wrap(lines.toString().getBytes(StandardCharsets.UTF_8));
    blocks.put(key, new Block(judged, end, bytes.remaining()));
    while (bytes.hasRemaining()) {
      end += channel.write(bytes, end);
    }
  }

  /** What is known of a problem. */
  Optional<JudgedProblem> judged(Key key) {
    return Optional.ofNullable(blocks.get(key)).map(Block::judged);
  }

  /** Puts the problems in order, so that the file does not tell in which they ended. */
  void sort(List<EvalSet> sets) throws IOException {
    Path aside = file.resolveSibling(FILE + ".partial");
    try (FileChannel sorted =
        FileChannel.open(
            aside,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      for (EvalSet set : sets) {
        for (Problem problem : set.problems()) {
          copy(blocks.get(new Key(set.name(), problem.id())), sorted);
        }
      }
      sorted.force(true);
    }
    Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private void copy(Block block, FileChannel to) throws IOException {
    for (long done = 0; done < block.bytes(); ) {
      done += channel.transferTo(block.start() + done, block.bytes() - done, to);
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
