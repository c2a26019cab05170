package dev.drpo.benchmarks.device;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import dev.drpo.policy.checkpoint.ModelConfig;
import dev.drpo.policy.checkpoint.PolicyLayout;
import dev.drpo.policy.engine.TensorEngine;
import dev.drpo.policy.safetensors.ElementType;
import dev.drpo.policy.safetensors.SafetensorsFile;
import dev.drpo.policy.sampler.KvCacheSize;
import dev.drpo.policy.sampler.PolicySampler;
import dev.drpo.policy.trainer.MicroBatch;
import dev.drpo.policy.trainer.MicroBatch.Sequence;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Whether a device computes a policy's log-probabilities and gradients as the CPU does in fp32,
 * which the test suite holds against a slow oracle. The tokens are the device's own samples.
 */
final class Numbers {
  /** The presets' sampling temperature. */
  private static final double TEMPERATURE = 0.6;

  /** The presets' bound of the trust region, delta. */
  private static final double TRUST_REGION = 1e-4;

  /** How many times as far off as on a CPU a device may be, whose kernels round in other places. */
  private static final double MARGIN = 2.5;

  private static final String REASON =
      "2.5 times what rounding to bfloat16 gives on a CPU for the same policy, and the square of"
          + " that for divergences and angles, which grow with the square";

  private final Scale scale;
  private final Subject tested;
  private final Subject exact;

  /** How much is compared, and what rounding gives on a CPU. */
  record Scale(ModelConfig policy, DrawnGroups.Load load, Rounding rounding) {}

  /**
   * What rounding to bfloat16 makes of a policy's numbers, as a CPU measured it.
   *
   * @param meanDistance of the learner's log-probabilities from fp32's, in nats
   * @param maxDistance the largest
   * @param divergence k3 between these, in nats
   * @param samplerDivergence k3 between the sampler and the learner, in nats
   * @param gradientError relative error of the kind of weight whose is largest
   * @param gradientAngle 1 - cosine of the whole gradient
   */
  record Rounding(
      double meanDistance,
      double maxDistance,
      double divergence,
      double samplerDivergence,
      double gradientError,
      double gradientAngle) {}

  /**
   * Compares a subject with fp32 on the CPU.
   *
   * @param tested computes the scale's policy
   */
  Numbers(Scale scale, Subject tested) {
    this.scale = scale;
    this.tested = tested;
    this.exact = Subject.of(Device.cpu(), scale.policy(), ElementType.F32);
  }

  /** A device in bfloat16, which is what runs on GPUs use. */
  static Numbers of(Scale scale, Device device) {
    return new Numbers(scale, Subject.of(device, scale.policy(), ElementType.BF16));
  }

  PartReport examine() throws IOException {
    Path file = Files.createTempFile("drpo-doctor", ".safetensors");
    try {
      RandomPolicy.write(file, scale.policy());
      try (SafetensorsFile weights = SafetensorsFile.open(file)) {
        return compare(weights);
      }
    } finally {
      Files.delete(file);
    }
  }

  private PartReport compare(SafetensorsFile weights) {
    DrawnGroups.Load load = scale.load();
    DrawnGroups drawn = draw(weights);
    List<MicroBatch> batches = drawn.microBatches(load.group());
    List<float[]> coefficients = coefficients(drawn, load.group());
    Computed found = compute(tested.learner(weights), batches, coefficients);
    Computed right = compute(exact.learner(weights), batches, coefficients);
    List<Check> checks = new ArrayList<>();
    List<Figure> figures = new ArrayList<>();
    compareLearner(
        Agreement.of(right.logProbabilities(), found.logProbabilities()), checks, figures);
    compareSampler(
        Agreement.of(drawn.byMicroBatch(load.group()), found.logProbabilities()), checks, figures);
    compareGradients(right.gradient(), found.gradient(), checks, figures);
    return new PartReport(Part.NUMBERS, checks, figures, List.of(), List.of());
  }

  private DrawnGroups draw(SafetensorsFile weights) {
    DrawnGroups.Load load = scale.load();
    KvCacheSize size =
        new KvCacheSize(load.rows(), load.responseTokens(), load.prompts(), load.promptTokens());
    try (NDManager manager = TensorEngine.newManager(tested.device());
        PolicySampler sampler = tested.sampler(manager, weights, size)) {
      return DrawnGroups.draw(sampler, load, TEMPERATURE);
    }
  }

  /** What one learner makes of the responses. */
  private record Computed(List<float[]> logProbabilities, List<float[]> gradient) {}

  private static Computed compute(
      Learner learner, List<MicroBatch> batches, List<float[]> coefficients) {
    try (learner) {
      return new Computed(
          learner.logProbabilities(batches, TEMPERATURE),
          learner.gradient(batches, coefficients, TEMPERATURE));
    }
  }

  /** Right and wrong responses in turn, each weighed by its length, as DRPO's scores are. */
  private static List<float[]> coefficients(DrawnGroups drawn, int group) {
    List<float[]> found = new ArrayList<>();
    for (MicroBatch batch : drawn.microBatches(group)) {
      float[] ofBatch = new float[batch.responseTokens()];
      int at = 0;
      for (int i = 0; i < group; i++) {
        Sequence sequence = drawn.sequences().get(found.size() * group + i);
        float coefficient = (i % 2 == 0 ? 1f : -1f) / sequence.response().length;
        for (int t = 0; t < sequence.response().length; t++) {
          ofBatch[at++] = coefficient;
        }
      }
      found.add(ofBatch);
    }
    return found;
  }

  private void compareLearner(Agreement agreement, List<Check> checks, List<Figure> figures) {
    checks.add(
        Check.atMost(
            "learner's log-probabilities: mean distance",
            agreement.meanDistance(),
            MARGIN * scale.rounding().meanDistance(),
            "nats",
            "how far a token's log-probability is from fp32's",
            REASON));
    checks.add(
        Check.atMost(
            "learner's log-probabilities: largest distance",
            agreement.maxDistance(),
            MARGIN * scale.rounding().maxDistance(),
            "nats",
            "the same of the token that is furthest off",
            REASON));
    checks.add(
        Check.atMost(
            "learner's log-probabilities: KL(fp32 || device)",
            agreement.divergence(),
            MARGIN * MARGIN * scale.rounding().divergence(),
            "nats",
            "estimated by k3",
            REASON));
    figures.add(
        new Figure(
            "learner's log-probabilities: mean difference",
            agreement.meanDifference(),
            "nats",
            "rounding has no preferred sign: far smaller than the mean distance"));
  }

  private void compareSampler(Agreement agreement, List<Check> checks, List<Figure> figures) {
    checks.add(
        Check.atMost(
            "sampler against learner: KL",
            agreement.divergence(),
            MARGIN * MARGIN * scale.rounding().samplerDivergence(),
            "nats",
            "k3 of what the sampler says of its own tokens, and the learner under the same weights",
            REASON));
    figures.add(
        new Figure(
            "sampler against learner: mean distance",
            agreement.meanDistance(),
            "nats",
            "what a run logs as logProbabilityGapMean"));
    figures.add(
        new Figure(
            "sampler against learner: mean difference",
            agreement.meanDifference(),
            "nats",
            "what the trust region counts as divergence before anything has moved, where old"
                + " log-probabilities are the sampler's"));
    figures.add(
        new Figure(
            "sampler against learner: KL as a share of delta",
            agreement.divergence() / TRUST_REGION,
            "",
            "of delta = 1e-4; above a tenth, use training.old-log-probabilities: recompute. A"
                + " trained policy has its own figure, which its run logs"));
  }

  private void compareGradients(
      List<float[]> right, List<float[]> found, List<Check> checks, List<Figure> figures) {
    Map<String, GradientAgreement> byKind =
        GradientAgreement.byKind(PolicyLayout.of(scale.policy()), right, found);
    byKind.forEach(
        (kind, agreement) -> {
          checks.add(
              Check.atMost(
                  "gradient of " + kind + ": relative error",
                  agreement.relativeError(),
                  MARGIN * scale.rounding().gradientError(),
                  "",
                  "norm of the difference from fp32's gradient over that gradient's",
                  REASON));
          figures.add(
              new Figure(
                  "gradient of " + kind + ": cosine",
                  agreement.cosine(),
                  "",
                  "of the angle between the two gradients"));
        });
    checks.add(
        Check.atMost(
            "whole gradient: 1 - cosine",
            1 - GradientAgreement.of(right, found).cosine(),
            MARGIN * MARGIN * scale.rounding().gradientAngle(),
            "",
            "how far the step's direction is from fp32's",
            REASON));
  }
}
