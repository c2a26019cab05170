package dev.drpo.learner.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.drpo.policy.PolicyTrainer;
import dev.drpo.policy.safetensors.ElementType;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/**
 * Checkpoints of a run, one folder each: {@code policy.safetensors}, {@code optimizer.safetensors}
 * and {@code checkpoint.json}. A folder is written aside, forced to disk and renamed, so that a
 * crash or a full disk leaves the earlier ones as they were.
 */
public final class CheckpointStore {
  private static final Logger LOG = Logger.getLogger(CheckpointStore.class);
  private static final String POLICY = "policy.safetensors";
  private static final String OPTIMIZER = "optimizer.safetensors";
  private static final String MANIFEST = "checkpoint.json";
  private static final String PREFIX = "step-";
  private static final String PARTIAL = ".partial";
  private static final List<String> TENSORS = List.of(POLICY, OPTIMIZER);
  private static final Pattern NAME = Pattern.compile(PREFIX + "\\d+");
  private static final Pattern PARTIAL_NAME = Pattern.compile(PREFIX + "\\d+\\" + PARTIAL);

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private final Path folder;
  private final int kept;

  /**
   * Opens a store and removes what an interrupted write left behind.
   *
   * @param kept newest checkpoints to keep
   * @throws IOException if the folder can't be written
   */
  public CheckpointStore(Path folder, int kept) throws IOException {
    this.folder = folder;
    this.kept = kept;
    Files.createDirectories(folder);
    for (Path interrupted : folders(PARTIAL_NAME)) {
      deleteTree(interrupted);
    }
  }

  /** A complete checkpoint on disk. */
  public record Checkpoint(Path folder, CheckpointManifest manifest) {
    public Path policyFile() {
      return folder.resolve(POLICY);
    }

    public Path optimizerFile() {
      return folder.resolve(OPTIMIZER);
    }
  }

  /**
   * Writes a checkpoint and removes those that are too old.
   *
   * @throws IOException if it can't be written, for example on a full disk; earlier ones are intact
   */
  public Checkpoint write(CheckpointManifest manifest, PolicyTrainer trainer) throws IOException {
    Path target = folder.resolve(PREFIX + "%08d".formatted(manifest.step()));
    Path aside = folder.resolve(target.getFileName() + PARTIAL);
    deleteTree(aside);
    Files.createDirectories(aside);
    try {
      trainer.decoder().save(aside.resolve(POLICY), ElementType.F32);
      trainer.saveMoments(aside.resolve(OPTIMIZER));
      Map<String, String> hashes = new TreeMap<>();
      for (String name : TENSORS) {
        hashes.put(name, sha256(aside.resolve(name)));
      }
      CheckpointManifest complete = manifest.withFiles(hashes);
      JSON.writeValue(aside.resolve(MANIFEST).toFile(), complete);
      force(aside.resolve(MANIFEST));
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

  /** The newest checkpoint that is whole; a broken one is named in the log and passed over. */
  public Optional<Checkpoint> newest() throws IOException {
    for (Path candidate : folders(NAME)) {
      try {
        CheckpointManifest manifest =
            JSON.readValue(candidate.resolve(MANIFEST).toFile(), CheckpointManifest.class);
        for (String name : TENSORS) {
          if (!sha256(candidate.resolve(name)).equals(manifest.files().get(name))) {
            throw new IOException(name + " does not have the hash that the manifest names");
          }
        }
        return Optional.of(new Checkpoint(candidate, manifest));
      } catch (IOException e) {
        LOG.warnf(
            "checkpoint %s is broken (%s); falling back to the one before", candidate, reason(e));
      }
    }
    return Optional.empty();
  }

  private static String reason(IOException e) {
    return e instanceof JsonProcessingException json
        ? MANIFEST + " is not a manifest: " + json.getOriginalMessage()
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

  private static String sha256(Path file) throws IOException {
    try (InputStream in =
        new DigestInputStream(Files.newInputStream(file), MessageDigest.getInstance("SHA-256"))) {
      in.transferTo(OutputStream.nullOutputStream());
      return HexFormat.of().formatHex(((DigestInputStream) in).getMessageDigest().digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
