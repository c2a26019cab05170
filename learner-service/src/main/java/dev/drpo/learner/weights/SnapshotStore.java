package dev.drpo.learner.weights;

import dev.drpo.policy.checkpoint.PolicyDigest;
import dev.drpo.policy.checkpoint.PolicyFolder;
import dev.drpo.policy.checkpoint.PolicyVersion;
import dev.drpo.policy.decoder.Decoder;
import dev.drpo.policy.safetensors.ElementType;
import dev.drpo.policy.safetensors.Safetensors;
import dev.drpo.policy.safetensors.SafetensorsFile;
import dev.drpo.policy.safetensors.SafetensorsWriter;
import dev.drpo.policy.safetensors.SafetensorsWriter.Durability;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * The newest versions of the policy as files. One thread at a time writes and adds, and gRPC
 * threads read. A reader that has opened a file keeps it although the store has removed it. The
 * newest version is always held, so that a replica that comes late has a way to it.
 */
public final class SnapshotStore {
  private final Path folder;
  private final ElementType type;
  private final int kept;
  private final NavigableMap<Long, Snapshot> held = new ConcurrentSkipListMap<>();
  private final NavigableMap<Long, PolicyVersion> made = new ConcurrentSkipListMap<>();

  /**
   * Opens a store.
   *
   * @param folder where snapshots go; what an earlier process left there is removed
   * @param type element type of the snapshots that are written here
   * @param kept newest versions to keep
   */
  public SnapshotStore(Path folder, ElementType type, int kept) throws IOException {
    this.folder = folder;
    this.type = type;
    this.kept = kept;
    Files.createDirectories(folder);
    try (var old = Files.newDirectoryStream(folder, "policy-*")) {
      for (Path file : old) {
        Files.delete(file);
      }
    }
  }

  /** Element type of the snapshots that are written here. */
  public ElementType type() {
    return type;
  }

  /** Adds a version that lies elsewhere and is never removed, such as the starting policy. */
  public Snapshot addExisting(long step, Path file) {
    Snapshot snapshot = new Snapshot(new PolicyVersion(step, digest(file)), file);
    held.put(step, snapshot);
    remember(snapshot.version());
    return snapshot;
  }

  /**
   * Adds the policy that a run starts from. Its own file is served where replicas, which have it
   * already, can go on from it: in fp32 whatever its element type, since widening changes nothing;
   * otherwise if it has the snapshots' type and tensors. One that is spread over shards is written
   * to one file first, since a snapshot travels as one.
   *
   * @param decoder holds its weights
   * @throws dev.drpo.policy.PolicyFormatException if the weights are missing or malformed
   * @throws IOException if the disk is full
   */
  public Snapshot addStarting(PolicyFolder policy, Decoder decoder) throws IOException {
    try (Safetensors weights = policy.openWeights()) {
      if (type != ElementType.F32 && !decoder.wouldSave(weights, type)) {
        return add(0, write(0, decoder));
      }
      if (weights instanceof SafetensorsFile single) {
        return addExisting(0, single.path());
      }
      Path file = file(0);
      SafetensorsWriter.merge(file, weights);
      return addExisting(0, file);
    }
  }

  /**
   * Adds the policy that a run resumes from.
   *
   * @param file of the checkpoint, in fp32
   * @param decoder holds its weights
   * @throws IOException if the disk is full
   */
  public Snapshot addResumed(long step, Path file, Decoder decoder) throws IOException {
    return type == ElementType.F32 ? addExisting(step, file) : add(step, write(step, decoder));
  }

  private Path file(long step) {
    return folder.resolve("policy-%08d.safetensors".formatted(step));
  }

  /**
   * Writes the version that a decoder holds, for {@link #add} to add.
   *
   * @throws IOException if the disk is full; earlier versions stay
   */
  Path write(long step, Decoder decoder) throws IOException {
    Path file = file(step);
    // A restarted learner writes its own, so that these need not outlive the process.
    decoder.save(file, type, Durability.PROCESS);
    return file;
  }

  /**
   * Writes a version, for {@link #add} to add.
   *
   * @param weights what was copied of the decoder
   * @throws IOException if the disk is full; earlier versions stay
   */
  public Path write(long step, CopiedWeights weights) throws IOException {
    Path file = file(step);
    weights.save(file);
    return file;
  }

  /**
   * Adds a version that has been written, and removes versions that are too old.
   *
   * @throws IOException if the file can't be read, or an old one not be removed
   */
  public Snapshot add(long step, Path file) throws IOException {
    Snapshot snapshot = addExisting(step, file);
    while (held.size() > kept) {
      Snapshot oldest = held.pollFirstEntry().getValue();
      if (oldest.file().startsWith(folder)) {
        Files.deleteIfExists(oldest.file());
      }
    }
    return snapshot;
  }

  /** A file beside the snapshots, which goes with them. */
  Path patchFile(long step) {
    return folder.resolve("policy-%08d.patch".formatted(step));
  }

  /** The oldest version that is held; there must be one. */
  long oldestStep() {
    return held.firstKey();
  }

  private static PolicyDigest digest(Path file) {
    try (SafetensorsFile weights = SafetensorsFile.open(file)) {
      return PolicyDigest.of(weights);
    }
  }

  /** A version that is still held. */
  public Optional<Snapshot> find(long step) {
    return Optional.ofNullable(held.get(step));
  }

  /** The newest version; empty only before the first is added. */
  public Optional<Snapshot> newest() {
    return Optional.ofNullable(held.lastEntry()).map(Map.Entry::getValue);
  }

  /** Whether this run made the version. */
  public boolean knows(PolicyVersion version) {
    return version.equals(made.get(version.step()));
  }

  /** Every version that this run has made, held or not, in the order of steps. */
  public List<PolicyVersion> made() {
    return List.copyOf(made.values());
  }

  /** Remembers a version that is no longer held. */
  public void remember(PolicyVersion version) {
    made.put(version.step(), version);
  }
}
