package dev.drpo.engines;

import java.nio.file.Path;
import java.util.Optional;

/**
 * A server that samples, in its own protocol. Generation may be asked for by any thread; what
 * administers it, by one.
 */
interface EngineServer extends AutoCloseable {
  /** What becomes of running requests when a server pauses. */
  enum Running {
    /** They end first. */
    FINISHES,
    /** They are answered with what they have. */
    IS_CUT
  }

  /** Its kind and address, for people. */
  String name();

  /**
   * Looks whether it works, and what it calls the policy.
   *
   * @throws EngineTroubleException if it does not
   */
  void examine() throws EngineTroubleException, InterruptedException;

  /**
   * The label that was given to the weights that it holds; empty if it does not tell.
   *
   * @throws EngineTroubleException if it does not answer
   */
  Optional<String> weights() throws EngineTroubleException, InterruptedException;

  /** Asks for a segment. */
  Generation generate(SegmentRequest request);

  /**
   * Has it sample nothing until {@link #resume}.
   *
   * @throws EngineTroubleException if it can't
   */
  void pause(Running running) throws EngineTroubleException, InterruptedException;

  /**
   * Has it take its weights from a folder, while it is paused.
   *
   * @param label for these weights
   * @throws EngineTroubleException if it can't
   */
  void load(Path folder, String label) throws EngineTroubleException, InterruptedException;

  /**
   * Ends a pause.
   *
   * @throws EngineTroubleException if it can't
   */
  void resume() throws EngineTroubleException, InterruptedException;

  @Override
  void close();
}
