package dev.drpo.generation;

import dev.drpo.policy.checkpoint.PolicyVersion;
import dev.drpo.policy.decoder.Decoder;

/** Makes the decoders of {@link PolicyBuffers}, and frees them. */
interface DecoderLoading extends AutoCloseable {
  /** What the starting policy is. */
  PolicyVersion version();

  /** Loads the starting policy, before anything else. */
  Decoder starting();

  /** Loads an update beside the decoder that there is. */
  Decoder beside(WeightUpdate update);

  /** Loads an update over the weights of a decoder that nobody uses. */
  void over(Decoder unused, WeightUpdate update);

  /** Frees all decoders. */
  @Override
  void close();
}
