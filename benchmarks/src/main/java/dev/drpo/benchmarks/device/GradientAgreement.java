package dev.drpo.benchmarks.device;

import dev.drpo.policy.checkpoint.PolicyLayout;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How far a gradient is from an exact one.
 *
 * @param relativeError norm of the difference, over that of the exact gradient
 * @param cosine of the angle between the two
 */
record GradientAgreement(double relativeError, double cosine) {

  /** By kind of weight, over all layers, in the order in which a pass meets them. */
  static Map<String, GradientAgreement> byKind(
      PolicyLayout layout, List<float[]> exact, List<float[]> found) {
    Map<String, Sums> sums = new LinkedHashMap<>();
    for (int i = 0; i < exact.size(); i++) {
      sums.computeIfAbsent(kind(layout.weights().get(i)), _ -> new Sums())
          .add(exact.get(i), found.get(i));
    }
    Map<String, GradientAgreement> byKind = new LinkedHashMap<>();
    sums.forEach((kind, sum) -> byKind.put(kind, sum.agreement()));
    return byKind;
  }

  /** Of the gradient as one vector. */
  static GradientAgreement of(List<float[]> exact, List<float[]> found) {
    Sums sums = new Sums();
    for (int i = 0; i < exact.size(); i++) {
      sums.add(exact.get(i), found.get(i));
    }
    return sums.agreement();
  }

  /** A fused weight is named by the first of its parts. */
  private static String kind(PolicyLayout.Weight weight) {
    String name = weight.parts().getFirst().name();
    if (name.endsWith("norm.weight")) {
      return "norms";
    }
    String last = name.replaceFirst("\\.(weight|bias)$", "").replaceFirst(".*\\.", "");
    boolean bias = name.endsWith("bias");
    return switch (last) {
      case "embed_tokens" -> "embedding";
      case "lm_head" -> "output head";
      case "q_proj" -> bias ? "queries, keys, values: biases" : "queries, keys, values";
      case "o_proj" -> "attention's output";
      case "gate_proj" -> "feed-forward: gate and up";
      case "down_proj" -> "feed-forward: down";
      default -> last;
    };
  }

  /** Sums over elements, in double precision. */
  private static final class Sums {
    private double difference;
    private double exactSquared;
    private double foundSquared;
    private double product;

    void add(float[] exact, float[] found) {
      for (int i = 0; i < exact.length; i++) {
        double gap = (double) found[i] - exact[i];
        difference += gap * gap;
        exactSquared += (double) exact[i] * exact[i];
        foundSquared += (double) found[i] * found[i];
        product += (double) exact[i] * found[i];
      }
    }

    GradientAgreement agreement() {
      return new GradientAgreement(
          Math.sqrt(difference / exactSquared),
          product / Math.sqrt(exactSquared) / Math.sqrt(foundSquared));
    }
  }
}
