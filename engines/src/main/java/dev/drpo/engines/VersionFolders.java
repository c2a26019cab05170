package dev.drpo.engines;

import dev.drpo.policy.PolicyFormatException;
import dev.drpo.policy.checkpoint.PolicyDigest;
import dev.drpo.policy.checkpoint.PolicyFolder;
import dev.drpo.policy.checkpoint.PolicyVersion;
import dev.drpo.policy.decoder.PolicyExport;
import dev.drpo.policy.safetensors.ElementType;
import dev.drpo.policy.safetensors.Rounding;
import dev.drpo.policy.safetensors.Safetensors;
import dev.drpo.policy.safetensors.SafetensorsWriter;
import dev.drpo.policy.safetensors.SafetensorsWriter.Durability;
import dev.drpo.policy.safetensors.ShardedWriter;
import dev.drpo.policy.safetensors.TensorInfo;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/**
 * A Hugging Face folder for each version that a server is to load, under a name that was never
 * there before: servers keep what they have read of a path. One thread uses it.
 */
final class VersionFolders implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(VersionFolders.class);
  private static final String PREFIX = "policy-";
  private static final Pattern LAYER = Pattern.compile("model\\.layers\\.(\\d+)\\..*");

  private final Path root;
  private final PolicyFolder source;
  private final ElementType type;
  private final FileChannel lock;
  private long made;

  private VersionFolders(Path root, PolicyFolder source, ElementType type, FileChannel lock) {
    this.root = root;
    this.source = source;
    this.type = type;
    this.lock = lock;
  }

  /**
   * Takes a folder, and removes what an earlier process left there.
   *
   * @param source the policy whose files go beside the weights
   * @param type element type of the weights that are written
   * @throws PolicyFormatException if it can't be written, or another process has it
   */
  static VersionFolders open(Path root, PolicyFolder source, ElementType type) {
    Path absolute = root.toAbsolutePath().normalize();
    try {
      Files.createDirectories(absolute);
      FileChannel channel =
          FileChannel.open(
              absolute.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      FileLock held = tryLock(channel);
      if (held == null) {
        channel.close();
        throw new PolicyFormatException(
            absolute
                + " is used by another replica; give each one a folder of its own"
                + " (rollout.engine-folder)");
      }
      VersionFolders folders = new VersionFolders(absolute, source, type, channel);
      folders.clear();
      return folders;
    } catch (IOException e) {
      throw new PolicyFormatException(
          absolute
              + " can't be used for the engine's weights: "
              + e
              + "; see rollout.engine-folder",
          e);
    }
  }

  private static FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null;
    }
  }

  /**
   * Writes a version.
   *
   * @param weights safetensors that match the version's digest
   * @throws PolicyFormatException if they do not
   * @throws IOException if there is no room; nothing is left there then
   */
  Path write(PolicyVersion version, Path weights) throws IOException {
    Path folder = fresh(version);
    try (Safetensors tensors = Safetensors.open(weights)) {
      PolicyDigest found = PolicyDigest.of(tensors);
      if (!found.equals(version.digest())) {
        throw new PolicyFormatException(
            "the weights of version %s have digest %s; no engine is told of them"
                .formatted(version, found.abbreviated()));
      }
      Files.createDirectory(folder);
      PolicyExport.describe(source, Optional.of(type), folder);
      List<TensorInfo> ordered =
          tensors.tensors().stream()
              .sorted(Comparator.comparingInt(VersionFolders::layer))
              .map(info -> new TensorInfo(info.name(), type, info.shape()))
              .toList();
      ShardedWriter.write(
          folder,
          ordered,
          PolicyExport.DEFAULT_SHARD_BYTES,
          (file, part) ->
              SafetensorsWriter.writePieces(
                  file,
                  part,
                  (info, sink) ->
                      Rounding.write(
                          tensors.data(info.name()), tensors.info(info.name()).type(), type, sink),
                  Durability.PROCESS));
      return folder;
    } catch (IOException | RuntimeException e) {
      delete(folder);
      throw e;
    }
  }

  /** What comes before the layers, the layers in their order, and what comes behind them. */
  private static int layer(TensorInfo tensor) {
    Matcher layer = LAYER.matcher(tensor.name());
    if (layer.matches()) {
      return Integer.parseInt(layer.group(1));
    }
    return tensor.name().startsWith("model.embed_tokens") ? -1 : Integer.MAX_VALUE;
  }

  /** Gives a folder another name, so that a server reads it again. */
  Path rename(Path folder, PolicyVersion version) throws IOException {
    return Files.move(folder, fresh(version), StandardCopyOption.ATOMIC_MOVE);
  }

  private Path fresh(PolicyVersion version) {
    return root.resolve(
        PREFIX + version.step() + "-" + version.digest().abbreviated() + "-" + made++);
  }

  /** Removes a folder that no server needs any more. */
  void delete(Path folder) {
    if (!Files.isDirectory(folder)) {
      return;
    }
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.deleteIfExists(file);
      }
      Files.deleteIfExists(folder);
    } catch (IOException e) {
      LOG.warnf("%s is of no use any more but can't be deleted: %s", folder, e);
    }
  }

  private void clear() throws IOException {
    try (Stream<Path> left = Files.list(root)) {
      left.filter(path -> path.getFileName().toString().startsWith(PREFIX)).forEach(this::delete);
    }
  }

  @Override
  public void close() {
    try (lock) {
      clear();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
