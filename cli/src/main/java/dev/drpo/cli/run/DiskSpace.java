package dev.drpo.cli.run;

import dev.drpo.cli.exit.UsageError;
import dev.drpo.planning.DiskNeeds;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileStore;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;

/**
 * Whether a run has room on the disk of its folder, found before it has cost any time. What is
 * expected has to be there; what is needed only if every response is as long as its budget is
 * warned of.
 *
 * @param expected what the run is expected to take
 * @param worst what it may take
 * @param room bytes that are free or that the run, if it was begun, has taken already
 */
record DiskSpace(DiskNeeds expected, DiskNeeds worst, long room) {

  /**
   * What a run needs and what it has.
   *
   * @throws UsageError if replicas would fill another disk, which their temporary files lie on
   */
  static DiskSpace of(RunPlan plan) {
    Path policy = plan.config().policy().path();
    DiskNeeds.Policy size =
        new DiskNeeds.Policy(PolicyWeights.parameters(policy), PolicyWeights.bytes(policy));
    boolean own = plan.broker().isEmpty();
    DiskNeeds expected = DiskNeeds.expected(plan.config(), size, plan.rollouts(), own);
    DiskNeeds worst = DiskNeeds.worst(plan.config(), size, plan.rollouts(), own);
    Path folder = plan.folder().path();
    Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
    try {
      FileStore disk = Files.getFileStore(existing(folder));
      FileStore another = Files.getFileStore(temporary);
      long room = disk.getUsableSpace() + taken(folder);
      if (disk.equals(another)) {
        return new DiskSpace(expected, worst, room);
      }
      requireTemporaryRoom(plan.rollouts(), expected, another.getUsableSpace(), temporary);
      return new DiskSpace(expected.withoutReplicas(), worst.withoutReplicas(), room);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path existing(Path folder) {
    Path existing = folder;
    while (!Files.exists(existing)) {
      existing = existing.getParent();
    }
    return existing;
  }

  static void requireTemporaryRoom(int replicas, DiskNeeds needs, long room, Path folder) {
    if (room < needs.replicas()) {
      throw new UsageError(
          "the disk of the temporary folder %s has %s free, and the weights of %d rollout replicas take %s there; free some, or name a folder on another disk with JAVA_TOOL_OPTIONS=-Djava.io.tmpdir=..."
              .formatted(
                  folder,
                  DiskNeeds.gigabytes(room),
                  replicas,
                  DiskNeeds.gigabytes(needs.replicas())));
    }
  }

  /**
   * Refuses a run that is expected to fill its disk.
   *
   * @throws UsageError which says what it needs and what there is
   */
  void requireRoom(RunFolder folder) {
    if (room < expected.total()) {
      throw new UsageError(
          "the disk of the run folder %s has %s for the run, which is expected to take %s (at most %s); free some, name a folder on another disk with --out, or lower training.checkpoints-kept"
              .formatted(
                  folder, DiskNeeds.gigabytes(room), expected, DiskNeeds.gigabytes(worst.total())));
    }
  }

  /** What to tell of a run that might fill its disk all the same. */
  Optional<String> warning(RunFolder folder) {
    return room < worst.total()
        ? Optional.of(
            "the disk of %s has %s for the run, which is expected to take %s, and with responses of full length as much as %s"
                .formatted(
                    folder,
                    DiskNeeds.gigabytes(room),
                    DiskNeeds.gigabytes(expected.total()),
                    worst))
        : Optional.empty();
  }

  /** What lies in a run's folder. A file that goes meanwhile counts as free soon enough. */
  static long taken(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return 0;
    }
    long[] bytes = {0};
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            // The broker's indices are files with holes, which take less than their length.
            bytes[0] += file.toString().endsWith("index") ? 0 : attributes.size();
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
            if (e instanceof NoSuchFileException) {
              return FileVisitResult.CONTINUE;
            }
            throw e;
          }
        });
    return bytes[0];
  }
}
