package dev.drpo.learner.checkpoint;

import dev.drpo.policy.safetensors.ElementType;
import dev.drpo.policy.trainer.PolicyTrainer;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/**
 * Checkpoints of a run, one folder each: {@code policy.safetensors}, {@code optimizer.safetensors},
 * {@code checkpoint.json} and its hash. A folder is written aside, forced to disk and renamed, so
 * that a crash or a full disk leaves the earlier ones as they were.
 */
public final class CheckpointStore {
  private static final Logger LOG = Logger.getLogger(CheckpointStore.class);
  private static final String PREFIX = "step-";
  private static final String PARTIAL = ".partial";
  private static final Pattern NAME = Pattern.compile(PREFIX + "\\d+");
  private static final Pattern PARTIAL_NAME = Pattern.compile(PREFIX + "\\d+\\" + PARTIAL);

  private final Path folder;
  private final int kept;
  private final Runnable workDone;

  /**
   * Opens a store and removes what an interrupted write left behind.
   *
   * @param kept newest checkpoints to keep
   * @throws IOException if the folder can't be written
   */
  public CheckpointStore(Path folder, int kept) throws IOException {
    this(folder, kept, () -> {});
  }

  /**
   * Opens a store and removes what an interrupted write left behind.
   *
   * @param kept newest checkpoints to keep
   * @param workDone told of each piece of a file that is hashed
   * @throws IOException if the folder can't be written
   */
  public CheckpointStore(Path folder, int kept, Runnable workDone) throws IOException {
    this.folder = folder;
    this.kept = kept;
    this.workDone = workDone;
    Files.createDirectories(folder);
    for (Path interrupted : folders(PARTIAL_NAME)) {
      deleteTree(interrupted);
    }
  }

  /** A complete checkpoint on disk. */
  public record Checkpoint(Path folder, CheckpointManifest manifest) {
    public Path policyFile() {
      return new CheckpointFiles(folder).policy();
    }

    public Path optimizerFile() {
      return new CheckpointFiles(folder).optimizer();
    }
  }

  /**
   * Writes a checkpoint and removes those that are too old.
   *
   * @throws IOException if it can't be written, for example on a full disk; earlier ones are intact
   */
  public Checkpoint write(CheckpointManifest manifest, PolicyTrainer trainer) throws IOException {
    return write(
        manifest,
        (policy, optimizer) -> {
          trainer.decoder().save(policy, ElementType.F32);
          trainer.saveMoments(optimizer);
        });
  }

  /** Writes the tensors of a checkpoint into two files. */
  @FunctionalInterface
  public interface Tensors {
    /** Writes weights and optimizer, and forces both files to disk. */
    void write(Path policy, Path optimizer) throws IOException;
  }

  /**
   * Writes a checkpoint and removes those that are too old.
   *
   * @throws IOException if it can't be written, for example on a full disk; earlier ones are intact
   */
  public Checkpoint write(CheckpointManifest manifest, Tensors tensors) throws IOException {
    Path target = folder.resolve(PREFIX + "%08d".formatted(manifest.step()));
    Path aside = folder.resolve(target.getFileName() + PARTIAL);
    deleteTree(aside);
    Files.createDirectories(aside);
    try {
      CheckpointFiles files = new CheckpointFiles(aside);
      tensors.write(files.policy(), files.optimizer());
      CheckpointManifest complete = files.seal(manifest, workDone);
      for (Path file : files.sealed()) {
        force(file);
      }
      force(aside);
      deleteTree(target);
      Files.move(aside, target, StandardCopyOption.ATOMIC_MOVE);
      force(folder);
      removeAllBut(target);
      return new Checkpoint(target, complete);
    } finally {
      deleteTree(aside);
    }
  }

  /**
   * The newest checkpoint that is whole, or empty if there is none at all. Broken ones are named in
   * the log and passed over.
   *
   * @throws CheckpointException if there are some and all are broken, which says more about the
   *     disk than that the run should begin anew; or if one is of a later version of this program
   */
  public Optional<Checkpoint> newest() throws IOException {
    List<String> broken = new ArrayList<>();
    for (Path candidate : folders(NAME)) {
      try {
        Checkpoint whole =
            new Checkpoint(candidate, new CheckpointFiles(candidate).verified(workDone));
        if (!broken.isEmpty()) {
          LOG.warnf(
              "falling back to checkpoint %s, since %s", candidate, String.join(" and ", broken));
        }
        return Optional.of(whole);
      } catch (IOException e) {
        broken.add(candidate.getFileName() + " is broken (" + reason(e) + ")");
      }
    }
    if (!broken.isEmpty()) {
      throw new CheckpointException(
          "no checkpoint in "
              + folder
              + " is whole: "
              + String.join(", ", broken)
              + "; restore one from a copy, or move the folder away to begin the run anew");
    }
    return Optional.empty();
  }

  /**
   * The first offsets of the scored log that a run needs to go on from whichever of the checkpoints
   * that are kept, by partition. A partition is left out if one of them does not say, and all are
   * if one can't be read, since a copy of it may be restored.
   */
  public Map<Integer, Long> firstNeededOffsets() throws IOException {
    Map<Integer, Long> first = new TreeMap<>();
    List<Path> checkpoints = folders(NAME);
    for (int i = 0; i < checkpoints.size(); i++) {
      Map<Integer, Long> offsets;
      try {
        offsets = new CheckpointFiles(checkpoints.get(i)).unverified().resumeOffsets();
      } catch (IOException | CheckpointException e) {
        LOG.warnf(
            "%s can't be read (%s), so that the log of scored groups is left as it is",
            checkpoints.get(i), e.getMessage());
        return Map.of();
      }
      if (i == 0) {
        first.putAll(offsets);
      }
      first.keySet().retainAll(offsets.keySet());
      first.replaceAll((partition, offset) -> Math.min(offset, offsets.get(partition)));
    }
    return first;
  }

  private static String reason(IOException e) {
    // The file system's exceptions may say nothing but a path.
    return e instanceof FileSystemException || e.getMessage() == null
        ? e.toString()
        : e.getMessage();
  }

  /**
   * Keeps the checkpoint just written and those before it. A later one was passed over as broken
   * when the run resumed, and would otherwise take a whole one's place.
   */
  private void removeAllBut(Path newest) throws IOException {
    List<Path> checkpoints = folders(NAME);
    int first = checkpoints.indexOf(newest);
    for (int i = 0; i < checkpoints.size(); i++) {
      if (i < first || i >= first + kept) {
        deleteTree(checkpoints.get(i));
      }
    }
  }

  /** Folders in the store by name, the highest step first. */
  private List<Path> folders(Pattern name) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries
          .filter(path -> name.matcher(path.getFileName().toString()).matches())
          .sorted(Comparator.reverseOrder())
          .toList();
    }
  }

  private static void deleteTree(Path root) throws IOException {
    if (!Files.exists(root)) {
      return;
    }
    try (Stream<Path> tree = Files.walk(root)) {
      for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  private static void force(Path path) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
