package dev.drpo.learner.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.drpo.policy.checkpoint.PolicyFolder;
import dev.drpo.policy.decoder.Decoder;
import dev.drpo.policy.decoder.PolicyExport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.OptionalLong;
import org.jboss.logging.Logger;

/**
 * The best policy that a run has evaluated, as a Hugging Face folder: {@code best}, and {@code
 * best.json} beside it, which says of how many steps it is. The folder is replaced as a whole; it
 * comes first, so that a run which is killed in between replaces it once more.
 *
 * @param run the run's folder
 * @param source the policy that the run started from
 */
record BestPolicy(Path run, PolicyFolder source) {
  private static final Logger LOG = Logger.getLogger(BestPolicy.class);
  private static final ObjectMapper JSON = new ObjectMapper();

  /** What {@code best.json} says. */
  private record Label(long step) {}

  /** Where the folder is. */
  Path folder() {
    return run.resolve("best");
  }

  private Path label() {
    return run.resolve("best.json");
  }

  /**
   * Puts a policy into the folder, unless it is there already.
   *
   * @param step training steps that it has taken
   * @param policy its weights
   * @throws IOException if the disk is full; the policy that was there before is intact
   */
  void keep(long step, Decoder policy) throws IOException {
    if (held().equals(OptionalLong.of(step))) {
      return;
    }
    PolicyExport.like(source).write(policy, folder());
    Path aside = label().resolveSibling("best.json.partial");
    Files.write(
        aside,
        JSON.writeValueAsBytes(new Label(step)),
        StandardOpenOption.CREATE,
        StandardOpenOption.TRUNCATE_EXISTING,
        StandardOpenOption.WRITE,
        StandardOpenOption.DSYNC);
    Files.move(aside, label(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    LOG.infof("the policy of step %d is the best so far; it is in %s", step, folder());
  }

  /** Steps of the policy in the folder, if that is known. */
  private OptionalLong held() throws IOException {
    if (!Files.isDirectory(folder()) || !Files.exists(label())) {
      return OptionalLong.empty();
    }
    try {
      return OptionalLong.of(JSON.readValue(label().toFile(), Label.class).step());
    } catch (JsonProcessingException e) {
      return OptionalLong.empty();
    }
  }
}
