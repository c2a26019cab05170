package dev.drpo.cli.run;

import dev.drpo.cli.exit.UsageError;
import dev.drpo.runtime.config.ConfigLoader;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * A run folder that this command alone works in, with the run's configuration written. The
 * operating system lets go of the claim however the process ends.
 */
public final class RunClaim implements AutoCloseable {
  private final FileChannel channel;

  private RunClaim(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Makes the folder, claims it and writes {@code run.yaml}.
   *
   * @throws UsageError if another command works in the folder, or it can't be written
   */
  public static RunClaim of(RunPlan plan) {
    RunFolder folder = plan.folder();
    try {
      Files.createDirectories(folder.logs());
      FileChannel channel =
          FileChannel.open(folder.lock(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      RunClaim claim = new RunClaim(channel);
      if (!isAlone(channel)) {
        claim.close();
        throw new UsageError(
            "another drpo command works in the run folder "
                + folder
                + "; wait for its end or name another folder with --out");
      }
      try {
        writeConfiguration(plan);
      } catch (IOException e) {
        claim.close();
        throw e;
      }
      return claim;
    } catch (IOException e) {
      throw new UsageError(
          "the run folder "
              + folder
              + " can't be written: "
              + e.getMessage()
              + "; name another one with --out");
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  private static boolean isAlone(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      // The other command runs in this very process.
      return false;
    }
  }

  private static void writeConfiguration(RunPlan plan) throws IOException {
    Path file = plan.folder().configuration();
    Path whole = file.resolveSibling("run.yaml.part");
    Files.writeString(whole, ConfigLoader.toYaml(plan.config()));
    Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
