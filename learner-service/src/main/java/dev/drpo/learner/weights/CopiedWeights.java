package dev.drpo.learner.weights;

import dev.drpo.policy.decoder.Decoder;
import dev.drpo.policy.decoder.WeightCopy;
import dev.drpo.policy.safetensors.ElementType;
import dev.drpo.policy.safetensors.SafetensorsWriter.Durability;
import java.io.IOException;
import java.nio.file.Path;

/** The weights in training as they were at a moment, while training goes on. */
public interface CopiedWeights extends AutoCloseable {
  /** Copies them as they are. */
  void take();

  /**
   * Writes what was copied, as safetensors.
   *
   * @throws IOException if the disk is full
   */
  void save(Path file) throws IOException;

  @Override
  void close();

  /** A copy of a decoder's weights in the host's memory. */
  static CopiedWeights of(Decoder decoder, ElementType type) {
    WeightCopy copy = new WeightCopy(decoder, type);
    return new CopiedWeights() {
      @Override
      public void take() {
        decoder.copyTo(copy);
      }

      @Override
      public void save(Path file) throws IOException {
        // A restarted learner writes its own, so that a snapshot need not outlive the process.
        copy.save(file, Durability.PROCESS);
      }

      @Override
      public void close() {
        copy.close();
      }
    };
  }
}
