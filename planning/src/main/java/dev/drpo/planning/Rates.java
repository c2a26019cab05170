package dev.drpo.planning;

import java.util.Locale;

/**
 * What devices reach of their data sheets. All of it is assumed until it is measured on such a
 * device; a plan says so.
 *
 * @param learning share of a device's arithmetic that forward and backward passes reach
 * @param decodingArithmetic share of it that decoding reaches
 * @param decodingMemory share of the memory's rate that decoding reaches
 * @param layerSeconds to launch a layer's kernels in a decode step
 * @param exchange bytes a second of gradients and weights between devices, for each device
 * @param publishing bytes a second from the learner's weights to those of every replica
 */
public record Rates(
    double learning,
    double decodingArithmetic,
    double decodingMemory,
    double layerSeconds,
    double exchange,
    double publishing) {
  /** On GPUs: launches of a dozen kernels a layer, and copies through the host's memory. */
  static final Rates GPU = new Rates(0.30, 0.30, 0.50, 60e-6, 20e9, 1e9);

  /** On a CPU. */
  static final Rates CPU = new Rates(0.40, 0.40, 0.50, 20e-6, 10e9, 1e9);

  static Rates of(Fleet fleet) {
    return fleet.isCpu() ? CPU : GPU;
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "learning at %.0f%% of the arithmetic, decoding at %.0f%% of the memory's rate or %.0f%% of"
            + " the arithmetic and %.0f us a layer, %.0f GB/s between devices, weights to the"
            + " replicas at %.0f GB/s",
        100 * learning,
        100 * decodingMemory,
        100 * decodingArithmetic,
        1e6 * layerSeconds,
        exchange / 1e9,
        publishing / 1e9);
  }
}
