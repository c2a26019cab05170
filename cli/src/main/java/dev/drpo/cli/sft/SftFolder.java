package dev.drpo.cli.sft;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.drpo.cli.exit.UsageError;
import dev.drpo.policy.checkpoint.PolicyFolder;
import dev.drpo.policy.sft.Checkpoints;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.SequencedMap;

/** The folder of one training, and where its files lie. */
record SftFolder(Path path) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** The trained policy, which is there when the training is done. */
  PolicyFolder policy() {
    return new PolicyFolder(path.resolve("policy"));
  }

  /** Random weights that a training began with. */
  Path initial() {
    return path.resolve("initial");
  }

  Checkpoints checkpoints() {
    return new Checkpoints(path.resolve("checkpoints"));
  }

  Path metrics() {
    return path.resolve("metrics.jsonl");
  }

  private Path terms() {
    return path.resolve("sft.json");
  }

  /** Whether the training is done. */
  boolean isDone() {
    return Files.exists(policy().path());
  }

  /**
   * Makes the folder where it is missing, and keeps other commands out until the claim is closed,
   * however the process ends.
   *
   * @throws UsageError if another command works in it, or it can't be written
   */
  FileChannel claim() {
    try {
      Files.createDirectories(path);
      FileChannel channel =
          FileChannel.open(
              path.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (isAlone(channel)) {
        return channel;
      }
      channel.close();
    } catch (IOException e) {
      throw new UsageError(
          "no file can be written in %s (%s); name a writable folder with --out"
              .formatted(path, e));
    }
    throw new UsageError(
        "another drpo command works in %s; wait for its end or name another folder with --out"
            .formatted(path));
  }

  private static boolean isAlone(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      // The other command runs in this very process.
      return false;
    }
  }

  /** Whether a training has begun, whose terms are written down. */
  boolean isBegun() {
    return Files.exists(terms());
  }

  /**
   * Refuses a training on other terms than the one that has begun here, if one has.
   *
   * @param terms everything that the weights depend on, by name
   * @throws UsageError if some term differs
   */
  void requireSame(SequencedMap<String, String> terms) throws IOException {
    if (!isBegun()) {
      return;
    }
    Map<String, String> earlier = JSON.readValue(terms().toFile(), new TypeReference<>() {});
    for (Map.Entry<String, String> term : terms.entrySet()) {
      String before = earlier.get(term.getKey());
      if (!term.getValue().equals(before)) {
        throw new UsageError(
            "%s holds a training with %s %s, and this one has %s; name another folder with --out, or remove it"
                .formatted(path, term.getKey(), before, term.getValue()));
      }
    }
  }

  /** Writes the terms down, when nothing is left that could refuse the training. */
  void begin(SequencedMap<String, String> terms) throws IOException {
    Path aside = path.resolve("sft.json.partial");
    JSON.writerWithDefaultPrettyPrinter().writeValue(aside.toFile(), terms);
    Files.move(aside, terms(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
